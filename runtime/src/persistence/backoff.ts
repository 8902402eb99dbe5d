/** How long to wait before trying again: random between half and all of a delay that doubles, so that rivals spread out. */
export interface Backoff {
  readonly baseMs: number;
  readonly maxMs: number;
  /** Between 0 and 1; a test may fix it. */
  readonly random?: () => number;
}

/** Milliseconds to wait before attempt `attempt + 1`; `attempt` counts from 1. */
export function backoffMs(attempt: number, { baseMs, maxMs, random = Math.random }: Backoff): number {
  const ceiling = Math.min(maxMs, baseMs * 2 ** Math.min(attempt - 1, 30));
  return ceiling / 2 + (random() * ceiling) / 2;
}
