import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import knex, { type Knex } from 'knex';
import type { Connections } from '../database-dialect.ts';
import type { DatabaseOptions } from '../database.ts';
import { NodeSqliteClient } from './node-sqlite-client.ts';
import type { ConnectionSettings } from './node-sqlite-connection.ts';
import { sqliteDialect } from './sqlite-dialect.ts';

const temporary = new Set<string>();

/** A directory for a file that is gone when closed, or when the process ends. */
function temporaryDirectory(): { readonly directory: string; remove(): void } {
  if (temporary.size === 0) process.once('exit', removeAll);
  const directory = mkdtempSync(join(tmpdir(), 'parkwise-'));
  temporary.add(directory);
  return {
    directory,
    remove() {
      rmSync(directory, { recursive: true, force: true });
      temporary.delete(directory);
      if (temporary.size === 0) process.off('exit', removeAll);
    },
  };
}

function removeAll(): void {
  for (const directory of temporary) rmSync(directory, { recursive: true, force: true });
}

export interface SqliteFile {
  readonly filename: string;
  readonly temporary: boolean;
  /** Deletes a temporary file; leaves another alone. */
  remove(): void;
}

/**
 * File of a URL `sqlite:/absolute/file` or `sqlite::memory:`. The latter is a file as well, which goes when it is closed: only so
 * does it behave as the real thing, with reads beside an open transaction.
 */
export function sqliteFile(url: string): SqliteFile {
  const path = decodeURIComponent(url.replace(/^sqlite:(\/\/(?=\/))?/, ''));
  if (path === ':memory:') {
    const { directory, remove } = temporaryDirectory();
    return { filename: join(directory, 'database.sqlite'), temporary: true, remove };
  }
  if (!path.startsWith('/') && !/^[a-z]:[\\/]/i.test(path)) {
    throw new Error(`The URL "${url}" must be sqlite:/absolute/file or sqlite::memory:`);
  }
  mkdirSync(dirname(path), { recursive: true });
  return { filename: path, temporary: false, remove: () => undefined };
}

export async function openSqlite(url: string, options: DatabaseOptions): Promise<Connections> {
  const { filename, temporary, remove } = sqliteFile(url);
  const settings = {
    filename,
    lockWaitMs: options.lockWaitMs ?? 5_000,
    synchronous: temporary ? 'OFF' : 'NORMAL',
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
