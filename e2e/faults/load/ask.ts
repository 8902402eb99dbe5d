import type { Outcome } from '../history/history.ts';

/** Longer than any answer should take; who waits longer does not know what has happened. */
const PATIENCE_MS = 10_000;

interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

export type Heard<A extends Answer> = { readonly answer: A } | { readonly why: string };

/** An answer, or why there is none. A client can tell neither a lost request from a lost answer, nor what a server that failed has done. */
export const ask = async <A extends Answer>(call: Promise<A>, patienceMs = PATIENCE_MS): Promise<Heard<A>> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<{ readonly why: string }>((resolve) => {
    timer = setTimeout(() => resolve({ why: `no answer within ${patienceMs} ms` }), patienceMs);
  });
  const heard = call.then(
    (answer) => ({ answer }),
    (error: unknown) => {
      // What fetch rejects with when the connection is refused, reset or closed.
      if (!(error instanceof TypeError)) throw error;
      return { why: error.cause instanceof Error ? error.cause.message : error.message };
    },
  );
  try {
    return await Promise.race([heard, late]);
  } finally {
    clearTimeout(timer);
    // An answer that comes later tells nobody anything.
    heard.catch(() => undefined); // as said above
  }
};

/** @param done makes the outcome of an answer that says that it has happened */
export const outcomeOf = <A extends Answer>(heard: Heard<A>, done: (answer: A) => string | undefined): Outcome => {
  if ('why' in heard) return { outcome: 'unknown', why: heard.why };
  const { status } = heard.answer;
  const bookingId = done(heard.answer);
  if (bookingId !== undefined) return { outcome: 'done', bookingId };
  return status >= 500 || isBusy(heard.answer)
    ? { outcome: 'unknown', why: `${status}` }
    : { outcome: 'refused', status };
};

/** Another request with this key is being answered: what comes of it is not known yet. */
const isBusy = ({ status, body }: Answer): boolean =>
  status === 409 &&
  (body as { readonly type?: string } | undefined)?.type === 'urn:parkwise:problem:request-in-progress';
