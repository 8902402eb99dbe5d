/** As much of a database as a service written by hand needs: `node:sqlite` or mysql2, and nothing between. */
import { DatabaseSync } from 'node:sqlite';
import { createPool } from 'mysql2/promise';

export type Row = Readonly<Record<string, unknown>>;
export type Query = (sql: string, ...values: readonly (string | number | null)[]) => Promise<Row[]>;

export interface Sql {
  readonly query: Query;
  transaction<R>(work: (query: Query) => Promise<R>): Promise<R>;
  /** How an instant is stored, and read. */
  toInstant(ms: number): string | number;
  fromInstant(value: unknown): number;
  /** Keeps others from the rows read. */
  readonly forUpdate: string;
  insertUnlessThere(table: string, column: string): string;
  /** A condition on a column of points, with west, south, east and north as values. */
  readonly within: { readonly sql: string; values(box: Box): (string | number)[] };
  place(value: unknown): readonly [longitude: number, latitude: number];
  close(): Promise<void>;
}

interface Box {
  readonly south: number;
  readonly north: number;
  readonly west: number;
  readonly east: number;
}

export const openSql = (url: string): Sql => (url.startsWith('sqlite:') ? sqlite(url.slice(7)) : mariadb(url));

const sqlite = (file: string): Sql => {
  const open = (): Query => {
    const database = new DatabaseSync(file, { timeout: 5_000 });
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON');
    const statements = new Map<string, ReturnType<DatabaseSync['prepare']>>();
    return async (sql, ...values) => {
      const statement = statements.get(sql) ?? database.prepare(sql);
      statements.set(sql, statement);
      return statement.all(...values);
    };
  };
  const write = open();
  let turn: Promise<unknown> = Promise.resolve();
  return {
    query: open(),
    // One after another: there is one connection to write with.
    transaction(work) {
      const mine = turn.then(async () => {
        await write('BEGIN IMMEDIATE');
        try {
          const result = await work(write);
          await write('COMMIT');
          return result;
        } catch (error) {
          await write('ROLLBACK');
          throw error;
        }
      });
      turn = mine.catch(() => undefined); // whoever asked for it hears of it
      return mine;
    },
    toInstant: (ms) => ms,
    fromInstant: Number,
    forUpdate: '',
    insertUnlessThere: (table, column) => `INSERT OR IGNORE INTO ${table} (${column}) VALUES (?)`,
    within: {
      sql: `(json_extract(place, '$[1]') BETWEEN ? AND ? AND json_extract(place, '$[0]') BETWEEN ? AND ?)`,
      values: ({ south, north, west, east }) => [south, north, west, east],
    },
    place: (value) => JSON.parse(String(value)) as [number, number],
    close: async () => undefined,
  };
};

const ER_LOCK_DEADLOCK = 1213;

const mariadb = (url: string): Sql => {
  const pool = createPool({
    uri: url,
    connectionLimit: 12,
    dateStrings: true,
    jsonStrings: true,
    supportBigNumbers: true,
    timezone: 'Z',
  } as never);
  const rows = async (asked: Promise<unknown>): Promise<Row[]> => ((await asked) as [Row[]])[0];
  pool.on('connection', (connection) => connection.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED'));
  const once = async <R>(work: (query: Query) => Promise<R>): Promise<R> => {
    const connection = await pool.getConnection();
    try {
      await connection.query('BEGIN');
      const result = await work((sql, ...values) => rows(connection.query(sql, [...values])));
      await connection.query('COMMIT');
      return result;
    } catch (error) {
      await connection.query('ROLLBACK');
      throw error;
    } finally {
      connection.release();
    }
  };
  return {
    query: (sql, ...values) => rows(pool.query(sql, [...values])),
    async transaction(work) {
      for (let tries = 1; ; tries += 1) {
        try {
          return await once(work);
        } catch (error) {
          if (tries === 5 || (error as { readonly errno?: number }).errno !== ER_LOCK_DEADLOCK) throw error;
        }
      }
    },
    toInstant: (ms) => new Date(ms).toISOString().slice(0, -1).replace('T', ' '),
    fromInstant: (value) => Date.parse(`${String(value).replace(' ', 'T')}Z`),
    forUpdate: 'FOR UPDATE',
    insertUnlessThere: (table, column) => `INSERT IGNORE INTO ${table} (${column}) VALUES (?)`,
    within: {
      sql: 'MBRContains(ST_GeomFromText(?, 4326), place)',
      values: ({ south, north, west, east }) => [
        `POLYGON((${west} ${south}, ${east} ${south}, ${east} ${north}, ${west} ${north}, ${west} ${south}))`,
      ],
    },
    place(value) {
      const { x, y } = value as { readonly x: number; readonly y: number };
      return [x, y];
    },
    close: () => pool.end(),
  };
};
