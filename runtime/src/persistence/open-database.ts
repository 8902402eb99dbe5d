import { registerDatabase, type Connections } from './database-dialect.ts';
import { databaseOver, type Database, type DatabaseOptions } from './database.ts';

type Open = (url: string, options: DatabaseOptions) => Promise<Connections>;

/** By URL scheme; loaded when asked for, so that a service pays for the database it uses. */
const dialects: Readonly<Record<string, () => Promise<Open>>> = {
  sqlite: async () => (await import('./sqlite/open-sqlite.ts')).openSqlite,
  mysql: async () => (await import('./mariadb/open-mariadb.ts')).openMariadb,
};

/**
 * Opens the database of a service.
 *
 * @param url `sqlite:/absolute/file`, or `sqlite::memory:` for one that is gone when it is closed;
 * `mysql://user:password@host:3306/database?tls=true&tlsCa=/ca.pem` for a MariaDB.
 */
export async function openDatabase(url: string, options: DatabaseOptions = {}): Promise<Database> {
  const scheme = url.slice(0, Math.max(0, url.indexOf(':')));
  const load = Object.hasOwn(dialects, scheme) ? dialects[scheme] : undefined;
  if (!load) {
    throw new Error(`No database is known for "${scheme}:"; known are ${Object.keys(dialects).join(', ')}`);
  }
  const open = await load();
  const connections = await open(url, options);
  const state = { dialect: connections.dialect, outboxListeners: new Set<() => void>() };
  registerDatabase(connections.writer, state);
  registerDatabase(connections.reader, state);
  return databaseOver(connections, options.clock ?? { now: () => new Date() });
}
