/** All that holds on every database, for each of them to be run on. */
import t from 'tap';
import type { Database, DatabaseOptions } from '../../src/persistence/database.ts';
import { openDatabase } from '../../src/persistence/open-database.ts';
import { createTestDatabase, openTestDatabase } from '../../src/testing/test-database.ts';
import { relaySuite } from '../messaging/relay-suite.ts';
import { databaseSuite } from './database-suite.ts';
import { exactnessSuite } from './exactness-suite.ts';
import { migrationsSuite } from './migrations-suite.ts';
import { pointsSuite } from './points-suite.ts';
import { processesSuite } from './processes-suite.ts';
import { transactionsSuite } from './transactions-suite.ts';
import { unitOfWorkSuite } from './unit-of-work-suite.ts';

export interface DatabaseBackend {
  readonly name: string;
  /** Empty: SQLite. */
  readonly server: string;
  readonly skip: false | string;
}

/** A database that several processes of one service share: each opens it by itself. */
export interface SharedDatabase {
  open(options?: DatabaseOptions): Promise<Database>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface Opener {
  readonly name: string;
  /** An empty database, gone when it is closed. */
  open(options?: DatabaseOptions): Promise<Database>;
  share(): Promise<SharedDatabase>;
}

export function persistenceSuites({ name, server, skip }: DatabaseBackend): void {
  if (skip) {
    t.plan(0, skip);
    return;
  }
  const opener: Opener = {
    name,
    open: (options) => openTestDatabase(options, server),
    async share() {
      const { url, remove } = await createTestDatabase(server);
      const opened: Database[] = [];
      return {
        async open(options) {
          const database = await openDatabase(url, options);
          opened.push(database);
          return database;
        },
        async [Symbol.asyncDispose]() {
          await Promise.all(opened.map((database) => database.close()));
          await remove();
        },
      };
    },
  };
  databaseSuite(name, opener.open);
  transactionsSuite(name, opener.open);
  exactnessSuite(opener);
  unitOfWorkSuite(name, opener.open);
  processesSuite(opener);
  migrationsSuite(opener);
  relaySuite(opener);
  pointsSuite(opener);
}
