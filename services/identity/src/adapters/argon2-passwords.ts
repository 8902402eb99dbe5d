import { hash, verify } from '@node-rs/argon2';
import type { Passwords } from '../application/ports.ts';

/** OWASP's first choice for Argon2id: 19 MiB, two passes, one lane. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

interface Pool {
  /** Hashes computed at once: each takes a thread and 19 MiB. */
  readonly concurrency: number;
  /** Hashes that may wait for their turn; whoever comes after them is told that it is too much. */
  readonly queue: number;
}

/** Argon2id in a bounded pool: passwords cannot take all the memory and all the threads. */
export const argon2Passwords = (pool: Pool): Passwords => {
  const turn = turns(pool);
  // Verified where there is no hash, so that an unknown account takes as long as a wrong password.
  const nobodys = hash('the password of nobody', cost);
  return {
    hash: (password, signal) => turn(() => hash(password.normalize('NFKC'), cost), signal),
    verify: (password, known, signal) =>
      turn(async () => {
        const matches = await verify(known ?? (await nobodys), password.normalize('NFKC'));
        return matches && known !== undefined;
      }, signal),
  };
};

/** Runs work when it is its turn, first come first served. */
function turns({ concurrency, queue }: Pool) {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async <R>(work: () => Promise<R>, signal?: AbortSignal): Promise<R | 'overloaded'> => {
    if (running >= concurrency) {
      if (waiting.length >= queue) return 'overloaded';
      // The one who ends hands its place over, so `running` stays as it is.
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else running += 1;
    try {
      signal?.throwIfAborted();
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
