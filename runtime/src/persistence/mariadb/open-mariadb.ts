import knex, { type Knex } from 'knex';
import type { ConnectionOptions } from 'mysql2';
import type { Connections } from '../database-dialect.ts';
import type { DatabaseOptions } from '../database.ts';
import { MariadbClient, type MariadbClientSettings } from './mariadb-client.ts';
import { driverOptions } from './mariadb-connection.ts';
import { mariadbDialect } from './mariadb-dialect.ts';
import { mariadbAddress, withoutPassword } from './mariadb-url.ts';
import { migratingAlone } from './migrating-alone.ts';
import { isSupported, OLDEST, sessionStatements, type SessionSettings } from './session.ts';

type Timeouts = Required<Omit<DatabaseOptions, 'clock'>>;

const DEFAULTS: Timeouts = {
  lockWaitMs: 5_000,
  acquireTimeoutMs: 5_000,
  connectTimeoutMs: 3_000,
  queryTimeoutMs: 10_000,
  idleTransactionMs: 10_000,
  migrationTimeoutMs: 600_000,
  poolSize: 8,
};

/**
 * Opens a database of MariaDB.
 *
 * A server that hangs is found out by time alone: a statement that is not answered within `queryTimeoutMs` fails and its connection is
 * closed, a connection is waited for no longer than `acquireTimeoutMs`. So **nobody waits longer than `acquireTimeoutMs +
 * queryTimeoutMs` (15 s by default)** for a server that hangs or cannot be reached; a timeout is not tried again. A rival's row lock
 * is waited for `lockWaitMs`, in each of at most five attempts.
 *
 * The other way round, a process that hangs with a transaction open loses it after `idleTransactionMs`: the server then closes its
 * connection, which undoes the transaction and frees its locks.
 *
 * @param url `mysql://user:password@host:3306/database?tls=true&tlsCa=/ca.pem`
 */
export async function openMariadb(url: string, options: DatabaseOptions): Promise<Connections> {
  const address = mariadbAddress(url);
  if (address.database === '') throw new Error(`The URL ${withoutPassword(url)} must name a database`);
  const timeouts: Timeouts = { ...DEFAULTS, ...given(options) };
  const driver = driverOptions(address, timeouts.connectTimeoutMs);
  const opened = new Set<Knex>();
  const open = (poolSize: number, session: Partial<SessionSettings> = {}): Knex => {
    const made = connect({ driver, timeouts: { ...timeouts, poolSize }, session });
    opened.add(made);
    return made;
  };
  const close = async (one: Knex): Promise<void> => {
    opened.delete(one);
    await one.destroy();
  };
  const writer = open(timeouts.poolSize, { inTransactions: true });
  // Reads have connections of their own: a transaction that waits for one while it holds another could wait for itself.
  const reader = open(Math.max(1, Math.ceil(timeouts.poolSize / 2)), { readOnly: true });
  const closeAll = async (): Promise<void> => {
    await Promise.all([...opened].map(close));
  };
  try {
    const [rows] = (await reader.raw('SELECT VERSION() AS version')) as [{ readonly version: string }[]];
    const version = rows[0]?.version ?? '';
    if (!isSupported(version)) throw new Error(`the server is ${version}; MariaDB ${OLDEST} or later is needed`);
  } catch (error) {
    await closeAll();
    const reason = error instanceof Error ? error.message.replace(/^SELECT VERSION.* - /, '') : String(error);
    throw new Error(`Cannot open the database ${withoutPassword(url)}: ${reason}`, { cause: error });
  }
  const aside = (session: Partial<SessionSettings>) => {
    const one = open(1, session);
    return { knex: one, close: () => close(one) };
  };
  return {
    writer,
    reader,
    dialect: mariadbDialect(aside),
    migrating: (work) =>
      migratingAlone(aside, { database: address.database, waitMs: timeouts.migrationTimeoutMs }, work),
    close: closeAll,
  };
}

/** Opens a single connection besides the pools. */
export type OpenAside = (session: Partial<SessionSettings>) => { readonly knex: Knex; close(): Promise<void> };

interface Wanted {
  readonly driver: ConnectionOptions;
  readonly timeouts: Timeouts;
  readonly session: Partial<SessionSettings>;
}

function connect({ driver, timeouts, session }: Wanted): Knex {
  const { lockWaitMs, idleTransactionMs, queryTimeoutMs, acquireTimeoutMs, poolSize, connectTimeoutMs } = timeouts;
  const usual = { lockWaitMs, idleTransactionMs, queryTimeoutMs, readOnly: false, inTransactions: false };
  const settings: SessionSettings = { ...usual, ...session };
  const parkwise: MariadbClientSettings = {
    driver,
    session: sessionStatements(settings),
    queryTimeoutMs: settings.queryTimeoutMs,
    inTransactions: settings.inTransactions,
  };
  return knex({
    client: MariadbClient as unknown as typeof Knex.Client,
    connection: {},
    pool: { min: 0, max: poolSize, idleTimeoutMillis: 60_000, createTimeoutMillis: 2 * connectTimeoutMs },
    acquireConnectionTimeout: acquireTimeoutMs,
    // Without the bindings: an error's text may end in a log.
    compileSqlOnError: false,
    // What it would print is in the errors as well.
    log: { warn: () => undefined, error: () => undefined, debug: () => undefined, deprecate: () => undefined },
    parkwise,
  } as Knex.Config);
}

const given = (options: DatabaseOptions): Partial<Timeouts> =>
  Object.fromEntries(Object.entries(options).filter(([name, value]) => name !== 'clock' && value !== undefined));
