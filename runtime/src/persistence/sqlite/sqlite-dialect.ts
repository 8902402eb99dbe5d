import type { ColumnDefinition } from '../column.ts';
import { checkedValue } from '../column-value.ts';
import type { DatabaseDialect } from '../database-dialect.ts';
import { isGone } from '../process-owner.ts';
import { insertRow, matching, name, run } from '../statements.ts';
import { isBusy, isUniqueViolation } from './sqlite-errors.ts';
import { openSqliteClaims } from './sqlite-claims.ts';
import { addSpatialIndex, decodePoint, encodePoint, whereWithin } from './sqlite-points.ts';

/** SQLite: one writer at a time, so a transaction is alone and rows need no locks of their own. */
export const sqliteDialect: DatabaseDialect = {
  name: 'sqlite',
  // The write lock at once: a transaction that reads first and writes later could not get it without being undone.
  begin: 'BEGIN IMMEDIATE',
  lock: '',
  answer: (response) =>
    Array.isArray(response)
      ? { rows: response as object[], affected: 0 }
      : { rows: [], affected: (response as { readonly changes: number }).changes },
  forUpdate: (query) => query,
  isUniqueViolation,
  isRetryable: isBusy,

  async createTable(knex, name, define) {
    await knex.schema.createTable(name, define);
  },

  addColumn: (builder, name, definition) =>
    definition.kind === 'serial' ? builder.increments(name) : builder.specificType(name, storage(definition)),

  encode(kind, given) {
    const value = checkedValue(kind, given);
    if (kind === 'json') return JSON.stringify(value);
    if (kind === 'instant') return (value as Date).getTime();
    if (kind === 'boolean') return value ? 1 : 0;
    if (kind === 'point') return encodePoint(value);
    return value;
  },

  decode(kind, value) {
    if (kind === 'json') return JSON.parse(String(value));
    if (kind === 'instant') return new Date(Number(value));
    if (kind === 'boolean') return Number(value) !== 0;
    if (kind === 'bigint') return BigInt(value as number | bigint);
    if (kind === 'point') return decodePoint(value);
    return value;
  },

  async upsert(knex, table, row, key) {
    const { sql, bindings } = insertRow(table, row);
    const changes = Object.keys(row).map((column) => `${name(column)} = excluded.${name(column)}`);
    await run(knex, {
      sql: `${sql} on conflict (${key.map(name).join(', ')}) do update set ${changes.join(', ')}`,
      bindings,
    });
  },

  async lockOrInsert(knex, table, row, key) {
    const { sql, bindings } = insertRow(table, row);
    await run(knex, { sql: `${sql} on conflict (${key.map(name).join(', ')}) do nothing`, bindings });
  },

  async increment(knex, table, { key, column, by }) {
    const where = matching(Object.entries(key));
    const sql = `update ${name(table)} set ${name(column)} = ${name(column)} + ?${where.sql} returning ${name(column)}`;
    const { rows } = await run(knex, { sql, bindings: [by, ...where.bindings] });
    return (rows as readonly Readonly<Record<string, number>>[])[0]?.[column];
  },

  waitingAtMost: (_waitMs, statement) => statement,
  isLockTimeout: () => false,
  isOwnerGone: isGone,

  readByIndex: (knex, table, index) => knex.raw('?? indexed by ??', [table, index]),
  addSpatialIndex,
  whereWithin,
  openClaims: openSqliteClaims,
};

function storage({ kind }: ColumnDefinition): string {
  return ['uuid', 'text', 'json', 'point'].includes(kind) ? 'text' : 'integer';
}
