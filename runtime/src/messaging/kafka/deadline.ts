/** A broker that hangs never answers: whoever waits for it says for how long. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
  /** As errors of kafkajs say it: it may answer later. */
  readonly retriable = true;
}

/** What `work` resolves to, or a rejection after `ms`. The work itself goes on, and its late failure is nobody's any more. */
export async function within<R>(ms: number, what: string, work: Promise<R>): Promise<R> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new NoAnswerError(`${what} took more than ${ms} ms`)), ms);
  work.catch(() => undefined); // it rejects the race, or comes too late for anybody
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
