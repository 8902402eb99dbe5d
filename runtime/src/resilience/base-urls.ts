/** The places where a called service answers: one, or several when its processes do not share a port. */
export interface BaseUrls {
  /**
   * Sends to one of them: each call begins with the next, those where lately nobody listened come last. Where no connection could be
   * made nothing has arrived, so the next place is as good, whatever the method.
   */
  send<R>(sendTo: (url: string) => Promise<R>): Promise<R>;
}

/** How long a place where nobody listened comes last. */
const REST_MS = 1_000;

export const createBaseUrls = (urls: readonly string[], now: () => number = () => performance.now()): BaseUrls => {
  const restUntil = new Map<string, number>();
  let turn = -1;

  const order = (): readonly string[] => {
    if (urls.length < 2) return urls;
    turn = (turn + 1) % urls.length;
    const turned = [...urls.slice(turn), ...urls.slice(0, turn)];
    if (restUntil.size === 0) return turned;
    for (const [url, until] of restUntil) if (until <= now()) restUntil.delete(url);
    return turned.toSorted((a, b) => Number(restUntil.has(a)) - Number(restUntil.has(b)));
  };

  return {
    async send(sendTo) {
      const [first = '', ...others] = order();
      let url = first;
      for (;;) {
        try {
          return await sendTo(url);
        } catch (error) {
          if (!isNotConnected(error)) throw error;
          restUntil.set(url, now() + REST_MS);
          const next = others.shift();
          if (next === undefined) throw error;
          url = next;
        }
      }
    },
  };
};

const NOT_CONNECTED = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'UND_ERR_CONNECT_TIMEOUT']);

/** Whether `fetch` failed before a connection was made. */
const isNotConnected = (error: unknown): boolean => {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && NOT_CONNECTED.has(String(cause.code));
};
