import type { Knex } from 'knex';
import { internalsOf } from './database-dialect.ts';
import type { Columns, FindOptions, Match, NewRow, Patch, Row, Where } from './row.ts';
import type { GeoArea } from './geography.ts';
import { count, insert, remove, run, select, update, type Conditions } from './statements.ts';
import { tableSchema } from './table-schema.ts';
import type { Sql, Tx } from './tx.ts';

/**
 * A table and its columns, known in one place: rows go in and out as typed objects, whatever the database stores. Properties are
 * camelCase, the database's columns the same in snake_case.
 */
export interface Table<C extends Columns> {
  readonly name: string;
  /** Property → column in the database, for conditions written by hand. */
  readonly columns: { readonly [K in keyof C]: string };
  /** In a migration: creates the table, with the types of the database in use. `extend` adds indexes and constraints. */
  create(knex: Knex, extend?: (builder: Knex.CreateTableBuilder) => void): Promise<void>;
  /** In a later migration: adds columns. Those of a table that has rows must be optional. */
  addColumns(knex: Knex, ...names: readonly (keyof C & string)[]): Promise<void>;
  /** In a migration: indexes a column of points. All rows must have one by then; from then on it cannot be empty. */
  addSpatialIndex(knex: Knex, property: keyof C & string, name?: string): Promise<void>;
  insert(tx: Tx, rows: NewRow<C> | readonly NewRow<C>[]): Promise<void>;
  /** Inserts, or replaces the row that has the same primary key. */
  upsert(tx: Tx, row: NewRow<C>): Promise<void>;
  /**
   * Locks the row that has the primary key of `row`, until the transaction ends; inserts `row` first if there is none. Of several that
   * do this at once, each sees what those before it have committed.
   */
  lockOrInsert(tx: Tx, row: NewRow<C>): Promise<Row<C>>;
  /** @returns how many rows matched. */
  update(tx: Tx, where: Where<C>, patch: Patch<C>): Promise<number>;
  /**
   * Optimistic concurrency: changes the row and adds 1 to its `version` if that is still `version`.
   * @returns false if it was not (or there is no such row): somebody else was first.
   */
  updateVersion(tx: Tx, where: Match<C>, version: number, patch: Patch<C>): Promise<boolean>;
  /**
   * Adds to a whole number of the row that has this primary key, and locks the row until the transaction ends.
   * @returns the sum; undefined if there is no such row.
   */
  increment(tx: Tx, key: Match<C>, property: keyof C & string, by?: number): Promise<number | undefined>;
  /** @returns how many rows are gone. */
  delete(tx: Tx, where: Where<C>): Promise<number>;
  find(sql: Sql, where?: Where<C>, options?: FindOptions<C>): Promise<Row<C>[]>;
  first(sql: Sql, where?: Where<C>, options?: FindOptions<C>): Promise<Row<C> | undefined>;
  count(sql: Sql, where?: Where<C>): Promise<number>;
  /** A knex query on the table, for what the rest cannot say; results go through {@link decode}. */
  query(sql: Sql): Knex.QueryBuilder;
  /**
   * Adds to a query the condition that a point lies in the area, found by the spatial index. May let through what is a little outside:
   * measure where that matters.
   */
  whereWithin(sql: Sql, query: Knex.QueryBuilder, property: keyof C & string, area: GeoArea): void;
  /** A record as the database returned it → a row. Columns that were not selected are absent. */
  decode(sql: Sql, record: object): Row<C>;
  /** A row, or a part of one → a record for the database. */
  encode(sql: Sql, partial: Patch<C>): Record<string, unknown>;
}

/** The row type of a table: `type OrderRow = RowOf<typeof orders>`. */
export type RowOf<T> = T extends Table<infer C> ? Row<C> : never;

/** Describes a table: `const orders = table('orders', { id: column.uuid(), placedAt: column.instant() })`. */
export function table<C extends Columns>(name: string, columns: C): Table<C> {
  const schema = tableSchema(name, columns);

  const encode = (sql: Sql, partial: object): Record<string, unknown> => {
    const { dialect } = internalsOf(sql.knex);
    const record: Record<string, unknown> = {};
    for (const [property, value] of Object.entries(partial)) {
      if (value === undefined) continue;
      const { column, definition } = schema.of(property);
      if (value === null && !definition.optional) throw new TypeError(`${name}.${property} cannot be null`);
      record[column] = value === null ? null : dialect.encode(definition.kind, value);
    }
    return record;
  };

  const decoder = (sql: Sql): ((record: object) => Row<C>) => {
    const { dialect } = internalsOf(sql.knex);
    return (record) => {
      const row: Record<string, unknown> = {};
      for (const column in record) {
        const value: unknown = record[column as keyof typeof record];
        const known = value === null || value === undefined ? undefined : schema.ofColumn(column);
        if (known) row[known.property] = dialect.decode(known.definition.kind, value);
      }
      return row as Row<C>;
    };
  };

  const conditions = (sql: Sql, where: Match<C>): Conditions => {
    const { dialect } = internalsOf(sql.knex);
    return Object.entries(where).map(([property, value]) => {
      const { column, definition } = schema.of(property);
      // Left out in silence, a condition would select every row.
      if (value === undefined) throw new TypeError(`The condition on ${name}.${property} is undefined`);
      if (value === null) return [column, null];
      if (!Array.isArray(value)) return [column, dialect.encode(definition.kind, value)];
      return [column, value.map((one: unknown) => dialect.encode(definition.kind, one))];
    });
  };

  const built = (sql: Sql, where: (query: Knex.QueryBuilder) => unknown): Knex.QueryBuilder => {
    const query: Knex.QueryBuilder = sql.knex(name);
    where(query);
    return query;
  };

  const find = async (sql: Sql, where: Where<C> = {}, options: FindOptions<C> = {}): Promise<Row<C>[]> => {
    const { limit, offset, forUpdate = false } = options;
    const columns = schema.columnNames;
    const orderBy = orderings(options.orderBy).map(
      ([property, direction]) => [schema.of(property).column, direction] as const,
    );
    if (typeof where !== 'function') {
      const lock = forUpdate ? internalsOf(sql.knex).dialect.lock : undefined;
      const statement = select(name, { columns, conditions: conditions(sql, where), orderBy, limit, offset, lock });
      const { rows } = await run(sql.knex, statement);
      return rows.map(decoder(sql));
    }
    const query = built(sql, where).select(columns);
    for (const [column, direction] of orderBy) void query.orderBy(column, direction);
    if (limit !== undefined) void query.limit(limit);
    if (offset !== undefined) void query.offset(offset);
    const records: object[] = await (forUpdate ? sql.dialect.forUpdate(query) : query);
    return records.map(decoder(sql));
  };

  const countOf = async (sql: Sql, where: Where<C> = {}): Promise<number> => {
    const rows =
      typeof where === 'function'
        ? await built(sql, where).count({ count: '*' })
        : (await run(sql.knex, count(name, conditions(sql, where)))).rows;
    return Number((rows as { readonly count: number | string }[])[0]?.count ?? 0);
  };

  return {
    name,
    columns: schema.names as { readonly [K in keyof C]: string },
    create: (knex, extend) => schema.create(knex, extend),
    addColumns: (knex, ...names) => schema.addColumns(knex, names),
    addSpatialIndex(knex, property, index = `${name}_${schema.of(property).column}`) {
      const { column } = schema.of(property);
      return internalsOf(knex).dialect.addSpatialIndex(knex, { table: name, column, name: index });
    },
    async insert(tx, rows) {
      const records = (Array.isArray(rows) ? rows : [rows]).map((row: object) => encode(tx, row));
      if (records.length === 0) return;
      const statement = insert(name, records);
      await (statement ? run(tx.knex, statement) : tx.knex(name).insert(records));
    },
    upsert: (tx, row) => internalsOf(tx.knex).dialect.upsert(tx.knex, name, encode(tx, row), schema.primaryKey),
    async lockOrInsert(tx, row) {
      const record = encode(tx, row);
      const { dialect } = internalsOf(tx.knex);
      await dialect.lockOrInsert(tx.knex, name, record, schema.primaryKey);
      const key = schema.primaryKey.map((column) => [column, record[column]] as const);
      const selection = { columns: schema.columnNames, conditions: key, orderBy: [], lock: dialect.lock };
      const { rows } = await run(tx.knex, select(name, selection));
      return decoder(tx)(rows[0] ?? record);
    },
    async update(tx, where, patch) {
      const record = encode(tx, patch);
      if (typeof where === 'function') return built(tx, where).update(record);
      const statement = update(name, record, conditions(tx, where));
      return statement ? (await run(tx.knex, statement)).affected : countOf(tx, where);
    },
    async updateVersion(tx, where, version, patch) {
      const { column } = schema.of('version');
      const record = { ...encode(tx, patch), [column]: version + 1 };
      const statement = update(name, record, [...conditions(tx, where), [column, version]]);
      return statement !== undefined && (await run(tx.knex, statement)).affected > 0;
    },
    increment: (tx, key, property, by = 1) =>
      internalsOf(tx.knex).dialect.increment(tx.knex, name, {
        key: encode(tx, key as Patch<C>),
        column: schema.of(property).column,
        by,
      }),
    async delete(tx, where) {
      if (typeof where === 'function') return built(tx, where).delete();
      return (await run(tx.knex, remove(name, conditions(tx, where)))).affected;
    },
    find,
    async first(sql, where, options) {
      return (await find(sql, where, { ...options, limit: 1 }))[0];
    },
    count: countOf,
    query: (sql) => sql.knex(name),
    whereWithin(sql, query, property, area) {
      internalsOf(sql.knex).dialect.whereWithin(query, `${name}.${schema.of(property).column}`, area);
    },
    decode: (sql, record) => decoder(sql)(record),
    encode,
  };
}

function orderings<C>(orderBy: FindOptions<C>['orderBy']): readonly (readonly [string, 'asc' | 'desc'])[] {
  if (orderBy === undefined) return [];
  if (typeof orderBy === 'string') return [[orderBy, 'asc']];
  if (!Array.isArray(orderBy)) return Object.entries(orderBy as Record<string, 'asc' | 'desc'>);
  return orderBy.map((one: string | readonly [string, 'asc' | 'desc']) =>
    typeof one === 'string' ? [one, 'asc'] : one,
  );
}
