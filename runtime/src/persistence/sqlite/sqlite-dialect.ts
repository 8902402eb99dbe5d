import type { ColumnDefinition } from '../column.ts';
import type { DatabaseDialect } from '../database-dialect.ts';
import { isBusy, isUniqueViolation } from './sqlite-errors.ts';
import { openSqliteClaims } from './sqlite-claims.ts';

/** SQLite: one writer at a time, so a transaction is alone and rows need no locks of their own. */
export const sqliteDialect: DatabaseDialect = {
  name: 'sqlite',
  forUpdate: (query) => query,
  isUniqueViolation,
  isRetryable: isBusy,

  addColumn: (builder, name, definition) =>
    definition.kind === 'serial' ? builder.increments(name) : builder.specificType(name, storage(definition)),

  encode(kind, value) {
    if (kind === 'json') return JSON.stringify(value);
    if (kind === 'instant') return instant(value).getTime();
    if (kind === 'boolean') return value ? 1 : 0;
    if (kind === 'integer' || kind === 'money') return whole(value);
    return value;
  },

  decode(kind, value) {
    if (kind === 'json') return JSON.parse(String(value));
    if (kind === 'instant') return new Date(Number(value));
    if (kind === 'boolean') return Number(value) !== 0;
    if (kind === 'bigint') return BigInt(value as number | bigint);
    return value;
  },

  async upsert(knex, table, row, key) {
    await knex(table)
      .insert(row)
      .onConflict(key as string[])
      .merge();
  },

  openClaims: openSqliteClaims,
};

function storage({ kind }: ColumnDefinition): string {
  return kind === 'uuid' || kind === 'text' || kind === 'json' ? 'text' : 'integer';
}

function instant(value: unknown): Date {
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value;
  throw new TypeError('An instant column takes a valid Date');
}

function whole(value: unknown): number {
  if (Number.isSafeInteger(value)) return value as number;
  throw new TypeError('An integer or money column takes a whole number up to 2^53');
}
