import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves with the first answer that is not undefined or false; gives up with `what` after a minute. */
export async function until<R>(
  what: string,
  look: () => Promise<R | undefined | false> | R | undefined | false,
): Promise<R> {
  for (const end = performance.now() + 60_000; performance.now() < end; await sleep(5)) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
  }
  throw new Error(`Waited in vain for ${what}`);
}
