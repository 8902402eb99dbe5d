import type { ColumnDefinition } from '../column.ts';
import { checkedValue } from '../column-value.ts';
import type { DatabaseDialect } from '../database-dialect.ts';
import { isGone } from '../process-owner.ts';
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
    await knex(table)
      .insert(row)
      .onConflict(key as string[])
      .merge();
  },

  async lockOrInsert(knex, table, row, key) {
    await knex(table)
      .insert(row)
      .onConflict(key as string[])
      .ignore();
  },

  async increment(knex, table, { key, column, by }) {
    const rows: Record<string, number>[] = await knex(table).where(key).increment(column, by).returning(column);
    return rows[0]?.[column];
  },

  // Nobody else is in a transaction.
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
