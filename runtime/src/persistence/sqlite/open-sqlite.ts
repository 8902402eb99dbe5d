import knex, { type Knex } from 'knex';
import type { Connections } from '../database-dialect.ts';
import type { DatabaseOptions } from '../database.ts';
import { NodeSqliteClient } from './node-sqlite-client.ts';
import type { ConnectionSettings } from './node-sqlite-connection.ts';
import { sqliteDialect } from './sqlite-dialect.ts';
import { makeFolder, sqliteFile } from './sqlite-file.ts';

export async function openSqlite(url: string, options: DatabaseOptions): Promise<Connections> {
  const file = sqliteFile(url);
  const { filename, temporary, maxPages, remove } = file;
  const settings = {
    filename,
    lockWaitMs: options.lockWaitMs ?? 5_000,
    synchronous: temporary ? 'OFF' : 'NORMAL',
    ...(maxPages !== undefined && { maxPages }),
  } as const;
  const acquireMs = options.acquireTimeoutMs ?? 30_000;
  const writer = connect({ ...settings, readOnly: false }, acquireMs);
  // Reads have a connection of their own: in WAL mode they see the last commit and never wait for an open transaction.
  const reader = connect({ ...settings, readOnly: true }, acquireMs);
  const close = async (): Promise<void> => {
    await reader.destroy();
    await writer.destroy();
    remove();
  };
  try {
    makeFolder(file);
    await writer.raw('SELECT 1');
    await reader.raw('SELECT 1');
  } catch (error) {
    await close();
    throw new Error(`Cannot open the database ${url}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  return { writer, reader, dialect: sqliteDialect, close };
}

function connect(connection: ConnectionSettings, acquireConnectionTimeout: number): Knex {
  const client = NodeSqliteClient as unknown as typeof Knex.Client;
  // More than one connection would let a transaction wait for itself.
  const pool = { min: 1, max: 1, idleTimeoutMillis: 2 ** 31 - 1 };
  // Without the bindings: an error's text may end in a log.
  return knex({ client, connection, pool, acquireConnectionTimeout, useNullAsDefault: true, compileSqlOnError: false });
}
