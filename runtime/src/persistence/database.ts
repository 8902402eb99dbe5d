import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import { currentContext } from '../observability/context.ts';
import type { Clock } from '../process/service-definition.ts';
import { backoffMs } from './backoff.ts';
import { internalsOf, registerDatabase, type Connections } from './database-dialect.ts';
import { runMigrations, type CheckedMigration } from './migrations.ts';
import type { Sql, Tx } from './tx.ts';

/** What a transaction is a part of: copied into the envelope of what is published in it. */
export type Cause = Tx['cause'];

export interface TransactionOptions {
  /** Default: the running request's or message's, or a new correlation. */
  readonly cause?: Cause;
}

export interface DatabaseOptions {
  readonly clock?: Clock;
  /** How long a statement waits for a lock that another process holds; milliseconds, 5 s by default. */
  readonly lockWaitMs?: number;
  /** How long a transaction waits for its turn in this process; milliseconds, 30 s by default, for a server's connection 5 s. */
  readonly acquireTimeoutMs?: number;
  /** Of a server: how long a connection may take to be opened; milliseconds, 3 s by default. */
  readonly connectTimeoutMs?: number;
  /** Of a server: how long a statement may take before it is given up with its connection; milliseconds, 10 s by default. */
  readonly queryTimeoutMs?: number;
  /** Of a server: how long a transaction may rest between statements before the server undoes it; milliseconds, 10 s by default. */
  readonly idleTransactionMs?: number;
  /** Of a server: how long a migration may take, and another process that migrates is waited for; milliseconds, 10 min by default. */
  readonly migrationTimeoutMs?: number;
  /** Of a server: most connections for transactions; half as many serve reads outside of them. 8 by default. */
  readonly poolSize?: number;
}

/** The database of one service. As an {@link Sql} it reads what has been committed; writing takes a transaction. */
export interface Database extends Sql {
  /**
   * Runs `work` in a transaction: commits if it resolves, rolls back if it throws. When the database asks for it (deadlock, busy),
   * the whole of `work` runs again, at most five times in all, so it must not have effects elsewhere.
   */
  transaction<R>(work: (tx: Tx) => Promise<R>, options?: TransactionOptions): Promise<R>;
  /**
   * Applies the runtime's own migrations and the given ones that have not been applied yet, each in a transaction.
   * @throws MigrationError naming file and migration, when one fails, was changed or is missing.
   */
  migrate(migrations: readonly CheckedMigration[]): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Whole-transaction attempts, the first included. */
const ATTEMPTS = 5;

const afterCommits = new WeakMap<Tx, (() => void)[]>();

/** Calls `notify` once the transaction has committed, and never if it is rolled back. It must not throw, nor take long. */
export function afterCommit(tx: Tx, notify: () => void): void {
  const pending = afterCommits.get(tx);
  if (!pending) throw new Error('This transaction was not opened by the runtime');
  pending.push(notify);
}

function makeTx(knex: Knex.Transaction, dialect: Sql['dialect'], cause: Cause): Tx {
  const tx = { knex, dialect, cause } as Tx;
  afterCommits.set(tx, []);
  return tx;
}

/**
 * Runs `work` in a savepoint of `tx`: what it wrote is undone if `keep` says so of its result, and the outer transaction goes on.
 */
export async function inSavepoint<R>(
  tx: Tx,
  work: (inner: Tx) => Promise<R>,
  keep: (result: R) => boolean,
): Promise<R> {
  let undone: { readonly result: R } | undefined;
  try {
    return await tx.knex.transaction(async (knex) => {
      const inner = makeTx(knex, tx.dialect, tx.cause);
      const result = await work(inner);
      if (!keep(result)) {
        undone = { result };
        throw new Undone();
      }
      for (const notify of afterCommits.get(inner) ?? []) afterCommit(tx, notify);
      return result;
    });
  } catch (error) {
    if (undone && error instanceof Undone) return undone.result;
    throw error;
  }
}

class Undone extends Error {}

export function databaseOver(connections: Connections, clock: Clock): Database {
  const { writer, reader, dialect } = connections;
  const running = new AsyncLocalStorage<{ open: boolean }>();

  const once = async <R>(work: (tx: Tx) => Promise<R>, cause: Cause): Promise<R> => {
    const state = { open: true };
    let made: Tx | undefined;
    try {
      const result = await writer.transaction((knex) => {
        const tx = makeTx(knex, dialect, cause);
        made = tx;
        return running.run(state, () => work(tx));
      });
      state.open = false;
      if (made) for (const notify of afterCommits.get(made) ?? []) notify();
      return result;
    } finally {
      state.open = false;
    }
  };

  const database: Database = {
    knex: reader,
    dialect,
    async transaction(work, options = {}) {
      if (running.getStore()?.open) {
        throw new Error('A transaction is open already: pass its tx on instead of opening another one inside it');
      }
      const cause = options.cause ?? currentContext() ?? { correlationId: randomUUID() };
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await once(work, cause);
        } catch (error) {
          if (attempt >= ATTEMPTS || !dialect.isRetryable(error)) throw error;
          await sleep(backoffMs(attempt, { baseMs: 10, maxMs: 500 }));
        }
      }
    },
    async migrate(migrations) {
      const { migrating } = connections;
      if (!migrating) return runMigrations(database, migrations, clock);
      return migrating((knex) => {
        registerDatabase(knex, internalsOf(writer));
        return runMigrations(databaseOver({ ...connections, writer: knex, reader: knex }, clock), migrations, clock);
      });
    },
    close: () => connections.close(),
  };
  return database;
}
