import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate as turn } from 'node:timers/promises';
import type { Cause, Database } from '../persistence/database.ts';
import { isDatabaseAway } from '../persistence/database-errors.ts';
import { inside, refuseInside, withCause } from '../persistence/open-tx.ts';
import type { Tx } from '../persistence/tx.ts';

/** What one message wants to have committed. */
export interface CommitPart<R> {
  readonly cause: Cause;
  readonly work: (tx: Tx) => Promise<R>;
  /** The same in a transaction of its own. */
  readonly alone: () => Promise<R>;
}

interface Waiting<Entry> {
  readonly part: CommitPart<unknown>;
  readonly entry: Entry | undefined;
  /** Runs it where `commit` was called: logs and publishers see that message's context. */
  readonly there: <R>(work: () => R) => R;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Works that share a transaction: at first, and at most. */
const FIRST = 4;
const MOST = 32;

/** What a work has locked is locked until the last one is done: where that takes longer than this, fewer share. */
const LONG_MS = 50;

/**
 * Where the commits of messages meet that are handled at the same time: those that are there when the one before has ended share a
 * transaction, in which their works run one after another. A round trip for BEGIN, inbox and COMMIT is then one for all of them.
 *
 * Nobody notices the company: each resolves once the transaction has committed. If anything in it fails, it is rolled back for all, and
 * each is done by itself, the one that failed as the last.
 */
export class SharedCommits<Entry> {
  readonly #database: Database;
  readonly #enter: (tx: Tx, entries: readonly Entry[]) => Promise<void>;
  readonly #outside = AsyncLocalStorage.snapshot();
  #waiting: Waiting<Entry>[] = [];
  #isRunning = false;
  /** Fewer after a failure, too: where rivals or bad messages are many, sharing would be work for nothing. */
  #most = FIRST;

  /** @param enter writes the inbox rows, before the works. */
  constructor(database: Database, enter: (tx: Tx, entries: readonly Entry[]) => Promise<void>) {
    this.#database = database;
    this.#enter = enter;
  }

  /** @param entry Absent: nothing to write in the inbox. */
  async commit<R>(part: CommitPart<R>, entry: Entry | undefined): Promise<R> {
    refuseInside(this.#database);
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#waiting.push({ part, entry, there: AsyncLocalStorage.snapshot(), resolve, reject });
    if (!this.#isRunning) this.#outside(() => void this.#run());
    return (await promise) as R;
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    while (this.#waiting.length > 0) {
      // Handlers that run in the same turn of the event loop come along.
      await turn();
      const group = this.#waiting.splice(0, this.#most);
      await (group.length > 1 ? this.#together(group) : this.#apart(group));
    }
    this.#isRunning = false;
  }

  async #together(group: readonly Waiting<Entry>[]): Promise<void> {
    const [first] = group;
    const results: unknown[] = [];
    let current: Waiting<Entry> | undefined;
    let began = 0;
    const all = async (tx: Tx): Promise<void> => {
      began = performance.now();
      await this.#enter(
        tx,
        group.flatMap(({ entry }) => (entry === undefined ? [] : [entry])),
      );
      for (current of group) {
        const { part, there } = current;
        const mine = withCause(tx, part.cause);
        results.push(await there(() => inside(mine, () => part.work(mine))));
      }
      current = undefined;
    };
    try {
      await this.#database.transaction(all, { attempts: 1, ...(first && { cause: first.part.cause }) });
    } catch (error) {
      this.#fewer(group.length);
      if (!current && isDatabaseAway(error) && !this.#database.dialect.isRetryable(error)) {
        // Each by itself would wait in vain for as long, or not know what has become of it either.
        for (const { reject } of group) reject(error);
        return;
      }
      const failed = current;
      await this.#apart([...group.filter((one) => one !== failed), ...(failed ? [failed] : [])]);
      return;
    }
    const tookMs = performance.now() - began;
    if (tookMs > LONG_MS) this.#fewer(group.length);
    else if (tookMs < LONG_MS / 2) this.#more();
    for (const [index, { resolve }] of group.entries()) resolve(results[index]);
  }

  async #apart(group: readonly Waiting<Entry>[]): Promise<void> {
    let away: { readonly error: unknown } | undefined;
    const began = performance.now();
    for (const { part, there, resolve, reject } of group) {
      if (away) {
        reject(away.error);
        continue;
      }
      try {
        resolve(await there(part.alone));
      } catch (error) {
        if (isDatabaseAway(error)) away = { error };
        reject(error);
      }
    }
    if (!away && performance.now() - began < LONG_MS / 2) this.#more();
  }

  #fewer(than: number): void {
    this.#most = Math.max(1, Math.floor(than / 2));
  }

  #more(): void {
    this.#most = Math.min(MOST, this.#most + Math.max(1, Math.floor(this.#most / 2)));
  }
}
