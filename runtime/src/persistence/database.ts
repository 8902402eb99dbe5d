import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { currentContext } from '../observability/context.ts';
import type { Clock } from '../process/service-definition.ts';
import { backoffMs } from './backoff.ts';
import { internalsOf, registerDatabase, type Connections } from './database-dialect.ts';
import { inTransaction } from './knex-transaction.ts';
import { runMigrations, type CheckedMigration } from './migrations.ts';
import { inside, openTx, refuseInside } from './open-tx.ts';
import type { Sql, Tx } from './tx.ts';

/** What a transaction is a part of: copied into the envelope of what is published in it. */
export type Cause = Tx['cause'];

export interface TransactionOptions {
  /** Default: the running request's or message's, or a new correlation. */
  readonly cause?: Cause;
  /** How often the whole of it is tried in all, where the database asks for that. 5. */
  readonly attempts?: number;
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

export function databaseOver(connections: Connections, clock: Clock): Database {
  const { writer, reader, dialect } = connections;
  const once = async <R>(work: (tx: Tx) => Promise<R>, cause: Cause): Promise<R> => {
    let end: (() => readonly (() => void)[]) | undefined;
    try {
      const result = await inTransaction(writer, dialect.begin, (knex) => {
        const opened = openTx({ knex, dialect, cause }, database);
        end = opened.end;
        return inside(opened.tx, () => work(opened.tx));
      });
      for (const notify of end?.() ?? []) notify();
      return result;
    } finally {
      end?.();
    }
  };

  const database: Database = {
    knex: reader,
    dialect,
    async transaction(work, options = {}) {
      refuseInside(database);
      const cause = options.cause ?? currentContext() ?? { correlationId: randomUUID() };
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await once(work, cause);
        } catch (error) {
          if (attempt >= (options.attempts ?? ATTEMPTS) || !dialect.isRetryable(error)) throw error;
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
