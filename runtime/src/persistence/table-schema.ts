import type { Knex } from 'knex';
import type { ColumnDefinition } from './column.ts';
import { internalsOf } from './database-dialect.ts';
import type { Columns } from './row.ts';

interface KnownColumn {
  readonly property: string;
  readonly column: string;
  readonly definition: ColumnDefinition;
}

export interface TableSchema {
  /** Property → column. */
  readonly names: Readonly<Record<string, string>>;
  readonly columnNames: readonly string[];
  /** Columns of the primary key. */
  readonly primaryKey: readonly string[];
  /** @throws TypeError when the table has no such property. */
  of(property: string): KnownColumn;
  ofColumn(column: string): KnownColumn | undefined;
  create(knex: Knex, extend?: (builder: Knex.CreateTableBuilder) => void): Promise<void>;
  addColumns(knex: Knex, names: readonly string[]): Promise<void>;
}

export function tableSchema(name: string, columns: Columns): TableSchema {
  const known = Object.entries(columns).map(([property, { definition }]) => ({
    property,
    column: snakeCase(property),
    definition,
  }));
  const byProperty = new Map(known.map((one) => [one.property, one]));
  const byColumn = new Map(known.map((one) => [one.column, one]));
  const marked = known.filter((one) => one.definition.primaryKey);
  const key = marked.length > 0 ? marked : known.filter((one) => one.property === 'id');

  const of = (property: string): KnownColumn => {
    const found = byProperty.get(property);
    if (!found) throw new TypeError(`The table ${name} has no column "${property}"`);
    return found;
  };

  const add = (knex: Knex, builder: Knex.CreateTableBuilder, { column, definition }: KnownColumn): void => {
    const built = internalsOf(knex).dialect.addColumn(builder, column, definition);
    if (!definition.optional) void built.notNullable();
    if (definition.unique) void built.unique();
    if (definition.references) void built.references(definition.references.column).inTable(definition.references.table);
  };

  return {
    names: Object.fromEntries(known.map((one) => [one.property, one.column])),
    columnNames: known.map((one) => one.column),
    primaryKey: key.map((one) => one.column),
    of,
    ofColumn: (column) => byColumn.get(column),
    async create(knex, extend) {
      await internalsOf(knex).dialect.createTable(knex, name, (builder) => {
        for (const one of known) add(knex, builder, one);
        // A serial column brings its primary key along.
        if (key.length > 0 && key.every((one) => one.definition.kind !== 'serial')) {
          void builder.primary(key.map((one) => one.column));
        }
        extend?.(builder);
        refuseEndlessKeys(name, indexedColumns(builder, known), byColumn);
      });
    },
    async addColumns(knex, names) {
      await knex.schema.alterTable(name, (builder) => {
        for (const property of names) add(knex, builder, of(property));
      });
    },
  };
}

/** What knex has been told to index: kept in the builder, whose type does not show it. */
function indexedColumns(builder: Knex.CreateTableBuilder, known: readonly KnownColumn[]): readonly string[] {
  const { _statements: statements = [] } = builder as {
    readonly _statements?: readonly { readonly method: string; readonly args?: readonly unknown[] }[];
  };
  const said = statements.filter(({ method }) => ['index', 'unique', 'primary'].includes(method));
  const unique = known.filter(({ definition }) => definition.unique).map(({ column }) => column);
  return [...said.flatMap(({ args = [] }) => args[0] as string | string[]), ...unique];
}

/** SQLite would take it, and MariaDB not: better known on the first day. */
function refuseEndlessKeys(table: string, indexed: readonly string[], columns: ReadonlyMap<string, KnownColumn>): void {
  for (const name of indexed) {
    const { kind, max } = columns.get(name)?.definition ?? {};
    if (kind === 'json' || (kind === 'text' && max === undefined)) {
      throw new TypeError(`${table}.${name} is indexed: give it an end, as in column.text({ max: 200 })`);
    }
  }
}

const snakeCase = (property: string): string =>
  property.replace(/[A-Z]/g, (letter, index: number) => `${index === 0 ? '' : '_'}${letter.toLowerCase()}`);
