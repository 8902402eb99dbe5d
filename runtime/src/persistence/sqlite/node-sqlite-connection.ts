import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { backoffMs } from '../backoff.ts';
import { DatabaseUnavailableError } from '../database-errors.ts';
import { rowReader, type RowReader } from './row-reader.ts';
import { isBusy, isFull, isReadOnly } from './sqlite-errors.ts';

/** Statements that stay prepared; the least recently used goes first. */
const PREPARED = 256;

export interface ConnectionSettings {
  readonly filename: string;
  /** Writing fails, with a sentence that says what to do. */
  readonly readOnly: boolean;
  /** How long to wait for a lock that another connection holds. */
  readonly lockWaitMs: number;
  /** OFF is for files that nobody will look for after a crash. */
  readonly synchronous: 'NORMAL' | 'FULL' | 'OFF';
  /** How large the file may become. */
  readonly maxPages?: number;
}

export interface StatementResult {
  /** Present when the statement returns rows. */
  readonly rows?: readonly Record<string, unknown>[];
  readonly lastID: number;
  readonly changes: number;
}

interface Prepared {
  readonly statement: StatementSync;
  /** Undefined when the statement returns none. */
  readonly readRows?: RowReader;
}

/** One connection of `node:sqlite`: prepared statements, bindings, and locks waited for without blocking the process. */
export class NodeSqliteConnection {
  readonly #db: DatabaseSync;
  readonly #settings: ConnectionSettings;
  readonly #prepared = new Map<string, Prepared>();

  private constructor(db: DatabaseSync, settings: ConnectionSettings) {
    this.#db = db;
    this.#settings = settings;
  }

  static async open(settings: ConnectionSettings): Promise<NodeSqliteConnection> {
    // A timeout here would stop the whole process while it waits: node:sqlite is synchronous.
    const db = new DatabaseSync(settings.filename, { timeout: 0, enableForeignKeyConstraints: true });
    const connection = new NodeSqliteConnection(db, settings);
    try {
      await connection.#whenFree(() => db.exec('PRAGMA journal_mode = WAL'));
      db.exec(`PRAGMA synchronous = ${settings.synchronous}`);
      if (settings.readOnly) db.exec('PRAGMA query_only = ON');
      if (settings.maxPages !== undefined) db.exec(`PRAGMA max_page_count = ${settings.maxPages}`);
      return connection;
    } catch (error) {
      db.close();
      throw error;
    }
  }

  async run(sql: string, bindings: readonly unknown[]): Promise<StatementResult> {
    const values = bindings.map(bindable);
    try {
      return await this.#whenFree(() => this.#execute(sql, values));
    } catch (error) {
      if (this.#settings.readOnly && isReadOnly(error) && error instanceof Error) {
        error.message += ' (outside a transaction the database is only read: write inside commit or transaction)';
      }
      // Not tried again: whoever has waited that long should hear of it.
      if (isBusy(error)) {
        throw new DatabaseUnavailableError('The database is locked by somebody who does not let go', {
          isLost: false,
          cause: error,
        });
      }
      if (isFull(error)) {
        throw new DatabaseUnavailableError('There is no room for more: the disk or the database is full', {
          isLost: false,
          cause: error,
        });
      }
      throw error;
    }
  }

  close(): void {
    this.#prepared.clear();
    if (this.#db.isOpen) this.#db.close();
  }

  #execute(sql: string, values: readonly SQLInputValue[]): StatementResult {
    // After some errors (no room, no memory) SQLite has undone the transaction by itself: what went wrong shall be told, not this.
    if (/^rollback/i.test(sql) && !this.#db.isTransaction) return { lastID: 0, changes: 0 };
    const { statement, readRows } = this.#prepare(sql);
    if (readRows) return { rows: readRows(values), lastID: 0, changes: 0 };
    const { lastInsertRowid, changes } = statement.run(...values);
    return { lastID: Number(lastInsertRowid), changes: Number(changes) };
  }

  #prepare(sql: string): Prepared {
    const known = this.#prepared.get(sql);
    if (known) {
      this.#prepared.delete(sql);
      this.#prepared.set(sql, known);
      return known;
    }
    const statement = this.#db.prepare(sql);
    const entry = { statement, ...(statement.columns().length > 0 && { readRows: rowReader(sql, statement) }) };
    this.#prepared.set(sql, entry);
    if (this.#prepared.size > PREPARED) {
      const oldest = this.#prepared.keys().next().value;
      if (oldest !== undefined) this.#prepared.delete(oldest);
    }
    return entry;
  }

  async #whenFree<R>(attempt: () => R): Promise<R> {
    let waited = 0;
    for (let tries = 1; ; tries += 1) {
      try {
        return attempt();
      } catch (error) {
        if (!isBusy(error) || waited >= this.#settings.lockWaitMs) throw error;
        const pause = backoffMs(tries, { baseMs: 1, maxMs: 40 });
        waited += pause;
        await sleep(pause);
      }
    }
  }
}

function bindable(value: unknown): SQLInputValue {
  switch (typeof value) {
    // node:sqlite binds every number as a float, which `/` and typeless columns can tell from an integer.
    case 'number':
      return Number.isSafeInteger(value) ? BigInt(value) : value;
    case 'boolean':
      return value ? 1n : 0n;
    case 'string':
    case 'bigint':
      return value;
    case 'undefined':
      return null;
    default:
      if (value === null || value instanceof Uint8Array) return value;
      if (value instanceof Date) return BigInt(value.getTime());
      throw new TypeError(`SQLite cannot store ${Object.prototype.toString.call(value)}: use a json column`);
  }
}
