import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { backoffMs } from '../../persistence/backoff.ts';
import { makeFolder, sqliteFile, type SqliteFile } from '../../persistence/sqlite/sqlite-file.ts';
import { isBusy } from '../../persistence/sqlite/sqlite-errors.ts';

export type LogRow = Record<string, SQLOutputValue>;

const SCHEMA = `
CREATE TABLE IF NOT EXISTS topics (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, partitions INTEGER NOT NULL,
  retention_ms INTEGER, compact INTEGER NOT NULL DEFAULT 0, max_bytes INTEGER
);
CREATE TABLE IF NOT EXISTS partitions (
  topic INTEGER NOT NULL, partition INTEGER NOT NULL, next INTEGER NOT NULL, PRIMARY KEY (topic, partition)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS records (
  id INTEGER PRIMARY KEY AUTOINCREMENT, topic INTEGER NOT NULL, partition INTEGER NOT NULL, position INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL, key TEXT, headers TEXT NOT NULL, value TEXT NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS records_position ON records (topic, partition, position);
CREATE TABLE IF NOT EXISTS groups (name TEXT PRIMARY KEY, generation INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS members (
  group_name TEXT NOT NULL, owner TEXT NOT NULL, topics TEXT NOT NULL, expires_at INTEGER NOT NULL, PRIMARY KEY (group_name, owner)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS assignments (
  group_name TEXT NOT NULL, topic INTEGER NOT NULL, partition INTEGER NOT NULL, committed INTEGER NOT NULL,
  owner TEXT, expires_at INTEGER, PRIMARY KEY (group_name, topic, partition)
) WITHOUT ROWID;
`;

/** The SQLite file behind the embedded log. It is shared by processes, so nothing here ever blocks on their locks. */
export class LogFile {
  readonly #db: DatabaseSync;
  readonly #file: SqliteFile;
  readonly #lockWaitMs: number;
  readonly #statements = new Map<string, StatementSync>();

  private constructor(db: DatabaseSync, file: SqliteFile, lockWaitMs: number) {
    this.#db = db;
    this.#file = file;
    this.#lockWaitMs = lockWaitMs;
  }

  static async open(url: string, lockWaitMs: number): Promise<LogFile> {
    const file = sqliteFile(url);
    makeFolder(file);
    const db = new DatabaseSync(file.filename, { timeout: 0 });
    const log = new LogFile(db, file, lockWaitMs);
    try {
      await log.#whenFree(() => db.exec('PRAGMA journal_mode = WAL'));
      // Safe against kill -9; a power loss may take the last moments.
      db.exec(`PRAGMA synchronous = ${file.temporary ? 'OFF' : 'NORMAL'}`);
      const known = await log.read('SELECT 1 FROM sqlite_master WHERE name = ?', 'assignments');
      if (known.length === 0) await log.write(() => db.exec(SCHEMA));
      else await log.#addSizes();
      return log;
    } catch (error) {
      log.close();
      throw error;
    }
  }

  /** Logs of the first version did not limit records. */
  async #addSizes(): Promise<void> {
    const look = (): boolean =>
      this.query("SELECT 1 FROM pragma_table_info('topics') WHERE name = 'max_bytes'").length > 0;
    if (look()) return;
    await this.write(() => look() || this.#db.exec('ALTER TABLE topics ADD COLUMN max_bytes INTEGER'));
  }

  get path(): string {
    return this.#file.filename;
  }

  /** Rows as of the last commit of anybody. */
  read(sql: string, ...values: SQLInputValue[]): Promise<LogRow[]> {
    return this.#whenFree(() => this.query(sql, ...values));
  }

  /** Runs `work` while holding the write lock, all in one go: it cannot await, so the lock is held for microseconds. */
  write<R>(work: () => R): Promise<R> {
    return this.#whenFree(() => {
      this.#db.exec('BEGIN IMMEDIATE');
      try {
        const result = work();
        this.#db.exec('COMMIT');
        return result;
      } catch (error) {
        if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
        throw error;
      }
    });
  }

  /** Inside {@link write}. */
  query(sql: string, ...values: SQLInputValue[]): LogRow[] {
    return this.#prepare(sql).all(...values);
  }

  /** Inside {@link write}. @returns how many rows changed. */
  change(sql: string, ...values: SQLInputValue[]): number {
    return Number(this.#prepare(sql).run(...values).changes);
  }

  close(): void {
    this.#statements.clear();
    if (this.#db.isOpen) this.#db.close();
    this.#file.remove();
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  async #whenFree<R>(attempt: () => R): Promise<R> {
    let waited = 0;
    for (let tries = 1; ; tries += 1) {
      try {
        return attempt();
      } catch (error) {
        if (!isBusy(error) || waited >= this.#lockWaitMs) throw error;
        const pause = backoffMs(tries, { baseMs: 1, maxMs: 40 });
        waited += pause;
        await sleep(pause);
      }
    }
  }
}
