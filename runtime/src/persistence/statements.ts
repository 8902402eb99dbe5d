/**
 * The statements of every day as text. knex builds them as well, but takes longer for it than the database for the answer; it stays for
 * all that is less plain.
 */
import type { Knex } from 'knex';
import { internalsOf } from './database-dialect.ts';
import { clientOf } from './knex-client.ts';

export interface Statement {
  readonly sql: string;
  readonly bindings: readonly unknown[];
}

export interface Answer {
  readonly rows: readonly object[];
  /** How many rows were changed. */
  readonly affected: number;
  /** Of MariaDB: what LAST_INSERT_ID was given; digits beyond 2^53. */
  readonly insertId?: number | string;
}

/** Names and values as in the database: null for "empty", a list for "one of". */
export type Conditions = readonly (readonly [column: string, value: unknown])[];

type Encoded = Readonly<Record<string, unknown>>;

/** @throws what the database says, with the statement before it; values are not told. */
export async function run(knex: Knex, statement: Statement): Promise<Answer> {
  const client = clientOf(knex);
  const connection = await client.acquireConnection();
  try {
    const query = { ...statement };
    client.emit('query', query);
    const { response } = await client._query(connection, query);
    return internalsOf(knex).dialect.answer(response);
  } catch (error) {
    if (error instanceof Error) error.message = `${statement.sql} - ${error.message}`;
    throw error;
  } finally {
    await client.releaseConnection(connection);
  }
}

/** @returns undefined where the records have different columns. */
export function insert(table: string, records: readonly Encoded[]): Statement | undefined {
  const columns = Object.keys(records[0] ?? {});
  const bindings: unknown[] = [];
  for (const record of records) {
    const values = Object.entries(record);
    if (values.length !== columns.length) return undefined;
    for (const [index, [column, value]] of values.entries()) {
      if (column !== columns[index]) return undefined;
      bindings.push(value);
    }
  }
  return columns.length === 0 ? undefined : { sql: insertion(table, columns, records.length), bindings };
}

export const insertRow = (table: string, record: Encoded): Statement => ({
  sql: insertion(table, Object.keys(record), 1),
  bindings: Object.values(record),
});

function insertion(table: string, columns: readonly string[], rows: number): string {
  const row = `(${marks(columns.length)})`;
  const values = rows === 1 ? row : Array.from({ length: rows }, () => row).join(', ');
  return `insert into ${name(table)} (${columns.map(name).join(', ')}) values ${values}`;
}

export interface Selection {
  readonly columns: readonly string[];
  readonly conditions: Conditions;
  readonly orderBy: readonly (readonly [column: string, direction: 'asc' | 'desc'])[];
  readonly limit?: number | undefined;
  readonly offset?: number | undefined;
  /** Stands at the end. */
  readonly lock?: string | undefined;
}

export function select(table: string, selection: Selection): Statement {
  const { columns, conditions, orderBy, offset, limit = offset === undefined ? undefined : ALL, lock = '' } = selection;
  const where = matching(conditions);
  // Whatever a caller passes on as a direction: it becomes no part of the statement.
  const order = orderBy.map(([column, direction]) => `${name(column)} ${direction === 'desc' ? 'desc' : 'asc'}`);
  const sql = [
    `select ${columns.map(name).join(', ')} from ${name(table)}${where.sql}`,
    order.length === 0 ? '' : ` order by ${order.join(', ')}`,
    limit === undefined ? '' : ' limit ?',
    offset === undefined ? '' : ' offset ?',
    lock,
  ].join('');
  return { sql, bindings: [...where.bindings, ...[limit, offset].filter((count) => count !== undefined)] };
}

/** No database has an offset without a limit. */
const ALL = Number.MAX_SAFE_INTEGER;

export function count(table: string, conditions: Conditions): Statement {
  const where = matching(conditions);
  return { sql: `select count(*) as count from ${name(table)}${where.sql}`, bindings: where.bindings };
}

/** @returns undefined where there is nothing to change. */
export function update(table: string, record: Encoded, conditions: Conditions): Statement | undefined {
  const columns = Object.keys(record);
  if (columns.length === 0) return undefined;
  const where = matching(conditions);
  const sql = `update ${name(table)} set ${columns.map((column) => `${name(column)} = ?`).join(', ')}${where.sql}`;
  return { sql, bindings: [...Object.values(record), ...where.bindings] };
}

export function remove(table: string, conditions: Conditions): Statement {
  const where = matching(conditions);
  return { sql: `delete from ${name(table)}${where.sql}`, bindings: where.bindings };
}

/** WHERE, or nothing if there is no condition. */
export function matching(conditions: Conditions): Statement {
  const bindings: unknown[] = [];
  const parts = conditions.map(([column, value]) => {
    if (value === null) return `${name(column)} is null`;
    if (!Array.isArray(value)) {
      bindings.push(value);
      return `${name(column)} = ?`;
    }
    if (value.length === 0) return '1 = 0';
    for (const one of value) bindings.push(one);
    return `${name(column)} in (${marks(value.length)})`;
  });
  return { sql: parts.length === 0 ? '' : ` where ${parts.join(' and ')}`, bindings };
}

/** Tables and columns are few, and each is named with every statement. */
const quoted = new Map<string, string>();

/** As an identifier in a statement. */
export function name(identifier: string): string {
  let known = quoted.get(identifier);
  if (known === undefined) {
    known = `\`${identifier.replaceAll('`', '``')}\``;
    quoted.set(identifier, known);
  }
  return known;
}

const marks = (count: number): string => (count === 1 ? '?' : `?${', ?'.repeat(count - 1)}`);
