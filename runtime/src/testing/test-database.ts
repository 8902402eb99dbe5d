import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database, DatabaseOptions } from '../persistence/database.ts';
import { openDatabase } from '../persistence/open-database.ts';

export interface TestDatabase {
  /** Several may open it at once. */
  readonly url: string;
  /** Deletes it. */
  remove(): Promise<void>;
}

/**
 * Makes an empty database for one test: a file of SQLite; or, where `server` or the variable PARKWISE_TEST_DATABASE_URL names a
 * MariaDB (`mysql://root@127.0.0.1:3306`, an account that may create databases), one there with a name of its own.
 */
export async function createTestDatabase(
  server = process.env['PARKWISE_TEST_DATABASE_URL'] ?? '',
): Promise<TestDatabase> {
  if (server === '') {
    const folder = await mkdtemp(join(tmpdir(), 'parkwise-test-'));
    return {
      url: `sqlite:${join(folder, 'data.sqlite')}`,
      remove: () => rm(folder, { recursive: true, force: true }),
    };
  }
  const { administer } = await import('../persistence/mariadb/administer.ts');
  const name = `parkwise_test_${randomBytes(6).toString('hex')}`;
  await administer(server, (run) => run('CREATE DATABASE ?? CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin', [name]));
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    async remove() {
      await administer(server, (run) => run('DROP DATABASE IF EXISTS ??', [name]));
    },
  };
}

/** Opens an empty database for one test, which is gone when it is closed: in memory, or where {@link createTestDatabase} makes one. */
export async function openTestDatabase(options: DatabaseOptions = {}, server?: string): Promise<Database> {
  const named = server ?? process.env['PARKWISE_TEST_DATABASE_URL'] ?? '';
  if (named === '') return openDatabase('sqlite::memory:', options);
  const { url, remove } = await createTestDatabase(named);
  try {
    const database = await openDatabase(url, options);
    return {
      ...database,
      async close() {
        await database.close();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}
