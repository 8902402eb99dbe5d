import {
  KeyTakenError,
  type CommitUnit,
  type IdempotencyRequest,
  type StoredAnswer,
  type UnitOfWork,
  type UnitRequest,
  type Verdict,
} from '../http/unit-of-work.ts';
import type { Clock } from '../process/service-definition.ts';
import type { Database } from './database.ts';
import { freeKey, idempotencyId, lookUpKey, storeAnswer, takeKey } from './idempotency-keys.ts';
import { inSavepoint } from './open-tx.ts';
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

  const keyed =
    (cause: UnitRequest['cause'], request: IdempotencyRequest, id: string): CommitUnit =>
    async (work, judge) => {
      const leave = await running.enter(id, async () => {
        const taken = await lookUpKey(database, id, request, notBefore());
        if (taken) throw new KeyTakenError(taken);
      });
      try {
        return await database.transaction(
          async (tx) => {
            const taken = await takeKey(tx, id, request, {
              now: clock.now(),
              notBefore: notBefore(),
              waitMs: keyWaitMs,
            });
            if (taken) throw new KeyTakenError(taken);
            return keepingKey(tx, id, work, judge);
          },
          { cause },
        );
      } finally {
        leave();
      }
    };

  const plain =
    (cause: UnitRequest['cause']): CommitUnit =>
    async (work, judge) => {
      let undone: { readonly result: Awaited<ReturnType<typeof work>> } | undefined;
      try {
        return await database.transaction(
          async (tx) => {
            const result = await work(tx);
            if (judge(result).keep) return result;
            undone = { result };
            throw new RolledBack();
          },
          { cause },
        );
      } catch (error) {
        if (undone && error instanceof RolledBack) return undone.result;
        throw error;
      }
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

class RolledBack extends Error {}

/** Rows go or stay by the verdict; the key stays if there is an answer to keep with it. */
async function keepingKey<R>(
  tx: Tx,
  id: string,
  work: (tx: Tx) => Promise<R>,
  judge: (result: R) => Verdict,
): Promise<R> {
  let answer: StoredAnswer | undefined;
  const result = await inSavepoint(tx, work, (made) => {
    const verdict = judge(made);
    answer = verdict.answer;
    return verdict.keep;
  });
  await (answer ? storeAnswer(tx, id, answer) : freeKey(tx, id));
  return result;
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
