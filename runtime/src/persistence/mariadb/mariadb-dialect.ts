import type { Knex } from 'knex';
import type { ColumnDefinition } from '../column.ts';
import { checkedValue } from '../column-value.ts';
import type { DatabaseDialect } from '../database-dialect.ts';
import { insertRow, matching, name, run } from '../statements.ts';
import { openMariadbClaims } from './mariadb-claims.ts';
import { isLockTimeout, isRetryable, isUniqueViolation, MariadbError } from './mariadb-errors.ts';
import { addSpatialIndex, decodePoint, encodePoint, whereWithin } from './mariadb-points.ts';
import type { OpenAside } from './open-mariadb.ts';

/** MariaDB with InnoDB: rows are locked one by one, by whoever says so. */
export const mariadbDialect = (openAside: OpenAside): DatabaseDialect => ({
  name: 'mariadb',
  begin: 'BEGIN',
  lock: ' for update',
  answer(response) {
    const [told] = response as [object[] | Changed];
    if (Array.isArray(told)) return { rows: told, affected: 0 };
    return { rows: [], affected: told.affectedRows, insertId: told.insertId };
  },
  forUpdate: (query) => query.forUpdate() as typeof query,
  isUniqueViolation,
  isRetryable,
  isLockTimeout,
  isOwnerGone: () => false,

  createTable,

  addColumn: (builder, name, definition) => builder.specificType(name, storage(definition)),

  encode(kind, given) {
    const value = checkedValue(kind, given);
    if (kind === 'json') return JSON.stringify(value);
    if (kind === 'instant') return (value as Date).toISOString().slice(0, -1).replace('T', ' ');
    if (kind === 'boolean') return value ? 1 : 0;
    if (kind === 'point') return encodePoint(value);
    return value;
  },

  decode(kind, value) {
    if (kind === 'json') return JSON.parse(String(value));
    if (kind === 'instant') return new Date(`${String(value).replace(' ', 'T')}Z`);
    if (kind === 'boolean') return Number(value) !== 0;
    if (kind === 'bigint') return BigInt(value as number | bigint);
    if (kind === 'point') return decodePoint(value);
    return value;
  },

  upsert,

  async lockOrInsert(knex, table, row, key) {
    await insertOr(knex, table, { row, key, replaced: [] });
  },

  async increment(knex, table, { key, column, by }) {
    const where = matching(Object.entries(key));
    // MariaDB has no UPDATE … RETURNING. What LAST_INSERT_ID is given comes back with the answer.
    const sum = `CAST(LAST_INSERT_ID(${name(column)} + ?) AS SIGNED)`;
    const sql = `update ${name(table)} set ${name(column)} = ${sum}${where.sql}`;
    const { affected, insertId = 0 } = await run(knex, { sql, bindings: [by, ...where.bindings] });
    // It has no sign.
    return affected === 0 ? undefined : Number(BigInt.asIntN(64, BigInt(insertId)));
  },

  waitingAtMost(waitMs, { sql, bindings }) {
    const seconds = Math.max(1, Math.ceil(waitMs / 1000));
    return { sql: `SET STATEMENT innodb_lock_wait_timeout = ${seconds} FOR ${sql}`, bindings };
  },

  readByIndex: (knex, table, index) => knex.raw('?? force index (??)', [table, index]),
  addSpatialIndex,
  whereWithin,
  openClaims: (_database, settings) => openMariadbClaims(openAside, settings),
});

/** How a statement is answered that returns no rows. */
interface Changed {
  readonly affectedRows: number;
  /** Digits beyond 2^53. */
  readonly insertId: number | string;
}

/** In one statement, which MariaDB does as a whole or not at all; knex adds keys and indexes one after another. */
async function createTable(
  knex: Knex,
  name: string,
  define: (builder: Knex.CreateTableBuilder) => void,
): Promise<void> {
  const schema = knex.schema.createTable(name, define);
  const [create, ...additions] = schema.toSQL() as unknown as { readonly sql: string; readonly bindings: unknown[] }[];
  const start = `alter table ${knex.ref(name).toString()} add `;
  const isPlain = additions.every(({ sql, bindings }) => sql.startsWith(start) && (bindings ?? []).length === 0);
  if (!create?.sql.endsWith(')') || !isPlain) {
    await schema;
    return;
  }
  const parts = [create.sql.slice(0, -1), ...additions.map(({ sql }) => sql.slice(start.length))];
  await knex.raw(`${parts.join(', ')})`);
}

async function upsert(knex: Knex, table: string, row: Record<string, unknown>, key: readonly string[]): Promise<void> {
  await insertOr(knex, table, { row, key, replaced: Object.keys(row).filter((name) => !key.includes(name)) });
}

interface Insertion {
  readonly row: Record<string, unknown>;
  readonly key: readonly string[];
  /** Columns that are replaced in the row that is there. */
  readonly replaced: readonly string[];
}

const OUT_OF_RANGE = 1690;

/**
 * INSERT … ON DUPLICATE KEY UPDATE waits for the lock on the row that is there, and takes it: two at once queue up. But it takes the
 * row that has any unique key in common: where that is not the primary key, it is made to fail by a number that is too large.
 */
async function insertOr(knex: Knex, table: string, { row, key, replaced }: Insertion): Promise<void> {
  const [first] = key;
  if (first === undefined) throw new Error(`The table ${table} has no primary key`);
  const { sql, bindings } = insertRow(table, row);
  const same = key.map((column) => `${name(column)} <=> VALUES(${name(column)})`).join(' and ');
  const changes = [
    `${name(first)} = IF(IF(${same}, 1, EXP(710)) > 0, ${name(first)}, ${name(first)})`,
    ...replaced.map((column) => `${name(column)} = VALUES(${name(column)})`),
  ];
  try {
    await run(knex, { sql: `${sql} on duplicate key update ${changes.join(', ')}`, bindings });
  } catch (error) {
    if (!(error instanceof MariadbError) || error.errno !== OUT_OF_RANGE) throw error;
    throw new MariadbError(`Duplicate entry for another key than the primary one of ${table}`, {
      name: 'Error',
      message: '',
      code: 'ER_DUP_ENTRY',
      errno: 1062,
      sqlState: '23000',
    });
  }
}

const TEXT = 'character set utf8mb4 collate utf8mb4_nopad_bin';

/** Texts compare and sort byte by byte, spaces at the end included. */
function storage({ kind, max }: ColumnDefinition): string {
  switch (kind) {
    case 'serial':
      return 'bigint auto_increment primary key';
    case 'uuid':
      return 'char(36) character set ascii collate ascii_nopad_bin';
    case 'text':
      return `${max === undefined ? 'longtext' : `varchar(${max})`} ${TEXT}`;
    case 'json':
      return 'json';
    case 'boolean':
      return 'tinyint(1)';
    case 'instant':
      return 'datetime(3)';
    case 'point':
      return 'point ref_system_id=4326';
    default:
      return 'bigint';
  }
}
