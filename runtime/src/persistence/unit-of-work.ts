import {
  KeyTakenError,
  type CommitUnit,
  type IdempotencyRequest,
  type StoredAnswer,
  type UnitOfWork,
  type UnitRequest,
} from '../http/unit-of-work.ts';
import type { Clock } from '../process/service-definition.ts';
import type { Database } from './database.ts';
import { freeKey, idempotencyId, lookUpKey, storeAnswer, takeKey } from './idempotency-keys.ts';
import type { Tx } from './tx.ts';

export interface UnitOfWorkOptions {
  /** How long a key is kept; milliseconds, 24 hours by default. */
  readonly keepKeysMs?: number;
  /** How long a request waits for another one with the same key; milliseconds, 1 s by default. */
  readonly keyWaitMs?: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** The unit of work of HTTP requests on a database: key, rows, outbox and answer in one transaction. */
export function createUnitOfWork(database: Database, clock: Clock, options: UnitOfWorkOptions = {}): UnitOfWork {
  const { keepKeysMs = DAY_MS, keyWaitMs = 1_000 } = options;
  const running = runningKeys(keyWaitMs);
  const notBefore = (): Date => new Date(clock.now().getTime() - keepKeysMs);

  /** With `answer`: as that of a request that has been answered. */
  const take = async (tx: Tx, id: string, request: IdempotencyRequest, answer?: StoredAnswer): Promise<void> => {
    const times = { now: clock.now(), notBefore: notBefore(), waitMs: keyWaitMs };
    const taken = await takeKey(tx, id, { ...request, ...(answer && { answer }) }, times);
    if (taken) throw new KeyTakenError(taken);
  };

  const keyed =
    (cause: UnitRequest['cause'], request: IdempotencyRequest, id: string): CommitUnit =>
    async (work, judge) => {
      const leave = await running.enter(id, async () => {
        const taken = await lookUpKey(database, id, request, notBefore());
        if (taken) throw new KeyTakenError(taken);
      });
      try {
        let answer: StoredAnswer | undefined;
        const { result, isKept } = await unlessUndone(database, cause, async (tx) => {
          await take(tx, id, request);
          const made = await work(tx);
          const verdict = judge(made);
          ({ answer } = verdict);
          if (!verdict.keep) throw new Undone(made);
          await (answer ? storeAnswer(tx, id, answer) : freeKey(tx, id));
          return made;
        });
        // The key went with the rows. Whoever has taken it since had the same request: that answer is as good.
        if (!isKept && answer) await database.transaction((tx) => take(tx, id, request, answer), { cause });
        return result;
      } finally {
        leave();
      }
    };

  const plain =
    (cause: UnitRequest['cause']): CommitUnit =>
    async (work, judge) => {
      const { result } = await unlessUndone(database, cause, async (tx) => {
        const made = await work(tx);
        if (!judge(made).keep) throw new Undone(made);
        return made;
      });
      return result;
    };

  return {
    open({ cause, idempotency }) {
      if (!idempotency) return { outcome: 'fresh', commit: onlyOnce(plain(cause)) };
      const id = idempotencyId(idempotency);
      return lookUpKey(database, id, idempotency, notBefore()).then(
        (taken) => taken ?? { outcome: 'fresh', commit: onlyOnce(keyed(cause, idempotency, id)) },
      );
    },
  };
}

/** Thrown out of a transaction, so that its rows go, though it has a result. */
class Undone<R> extends Error {
  readonly result: R;

  constructor(result: R) {
    super('The answer keeps no rows');
    this.result = result;
  }
}

async function unlessUndone<R>(
  database: Database,
  cause: UnitRequest['cause'],
  work: (tx: Tx) => Promise<R>,
): Promise<{ readonly result: R; readonly isKept: boolean }> {
  try {
    return { result: await database.transaction(work, { cause }), isKept: true };
  } catch (error) {
    if (error instanceof Undone) return { result: error.result as R, isKept: false };
    throw error;
  }
}

function onlyOnce(commit: CommitUnit): CommitUnit {
  let called = false;
  return async (work, judge) => {
    if (called) throw new Error('commit can be called once per request: put all changes into one');
    called = true;
    return commit(work, judge);
  };
}

/** Keys that requests of this process hold now; whoever waits longer than `waitMs` for one is told that it is busy. */
function runningKeys(waitMs: number) {
  const held = new Map<string, Promise<void>>();

  const busy = (): KeyTakenError =>
    new KeyTakenError({ outcome: 'busy', retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)) });

  return {
    /** Holds the key. `check` runs after each wait, and throws when waiting has become pointless. */
    async enter(id: string, check: () => Promise<void>): Promise<() => void> {
      const { promise: timeout, reject } = Promise.withResolvers<never>();
      const timer = setTimeout(() => reject(busy()), waitMs);
      try {
        for (let other = held.get(id); other; other = held.get(id)) {
          await Promise.race([other, timeout]);
          await check();
        }
      } finally {
        clearTimeout(timer);
      }
      const { promise, resolve } = Promise.withResolvers<void>();
      held.set(id, promise);
      return () => {
        held.delete(id);
        resolve();
      };
    },
  };
}
