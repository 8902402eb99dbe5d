import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import type { OpenAside } from './open-mariadb.ts';

interface Patience {
  /** The lock is for this database: names of locks are shared by all of a server. */
  readonly database: string;
  /** How long to wait for another process, and for each statement. */
  readonly waitMs: number;
}

/**
 * Runs `work` on a connection of its own that holds a lock against other processes which migrate the same database. The lock goes
 * with the connection, so that of a killed process nothing stays behind.
 *
 * @throws Error when another process has been migrating for all that time
 */
export async function migratingAlone<R>(
  openAside: OpenAside,
  { database, waitMs }: Patience,
  work: (knex: Knex) => Promise<R>,
): Promise<R> {
  // A migration may think for long between two statements.
  const { knex, close } = openAside({ queryTimeoutMs: waitMs, idleTransactionMs: waitMs });
  // 64 characters is all that a name may have.
  const lock = `parkwise migrations ${database}`.slice(0, 64);
  try {
    const deadline = performance.now() + waitMs;
    while (!(await isTaken(knex, lock))) {
      if (performance.now() > deadline) {
        throw new Error(
          `Another process has been migrating ${database} for ${waitMs} ms: see what it waits for, or end it`,
        );
      }
      await sleep(50);
    }
    return await work(knex);
  } finally {
    await close();
  }
}

async function isTaken(knex: Knex, lock: string): Promise<boolean> {
  const [rows] = (await knex.raw('SELECT GET_LOCK(?, 1) AS taken', [lock])) as [{ readonly taken: unknown }[]];
  return Number(rows[0]?.taken) === 1;
}
