import type { GeoPoint } from './geography.ts';

export type ColumnKind =
  | 'serial'
  | 'uuid'
  | 'text'
  | 'integer'
  | 'bigint'
  | 'money'
  | 'boolean'
  | 'instant'
  | 'json'
  | 'point';

/** A column as the dialect sees it. */
export interface ColumnDefinition {
  readonly kind: ColumnKind;
  readonly optional: boolean;
  readonly primaryKey: boolean;
  readonly unique: boolean;
  /** Of text: most characters. Needed wherever the column is indexed. */
  readonly max?: number;
  readonly references?: { readonly table: string; readonly column: string };
}

declare const valueType: unique symbol;

/** A column of a {@link table}; `Value` is what a row holds. */
export interface Column<Value, Optional extends boolean = false, Generated extends boolean = false> {
  readonly definition: ColumnDefinition;
  /** May be empty: the property is then absent from the row. */
  optional(): Column<Value, true, Generated>;
  /** Part of the primary key. Where no column says so, `id` is it. */
  primaryKey(): Column<Value, Optional, Generated>;
  unique(): Column<Value, Optional, Generated>;
  /** Foreign key to `column` (default `id`) of `table`. */
  references(table: string, column?: string): Column<Value, Optional, Generated>;
  readonly [valueType]?: { readonly value: Value; readonly optional: Optional; readonly generated: Generated };
}

export type AnyColumn = Column<unknown, boolean, boolean>;

function make<Value, Optional extends boolean = false, Generated extends boolean = false>(
  definition: ColumnDefinition,
): Column<Value, Optional, Generated> {
  return {
    definition,
    optional: () => make({ ...definition, optional: true }),
    primaryKey: () => make({ ...definition, primaryKey: true }),
    unique: () => make({ ...definition, unique: true }),
    references: (table, column = 'id') => make({ ...definition, references: { table, column } }),
  };
}

const of = <Value>(kind: ColumnKind, max?: number): Column<Value> =>
  make({ kind, optional: false, primaryKey: false, unique: false, ...(max === undefined ? {} : { max }) });

/** The kinds of column. The database in use decides how each is stored; a row always holds the type named here. */
export const column = {
  /** `number`, given by the database on insertion, growing; is the primary key. */
  serial: (): Column<number, false, true> => make({ kind: 'serial', optional: false, primaryKey: true, unique: false }),
  /** `string`, in lower case with hyphens. */
  uuid: (): Column<string> => of('uuid'),
  /** `string`. Give `max` (characters) wherever the column is indexed or unique. */
  text: (options: { readonly max?: number } = {}): Column<string> => of('text', options.max),
  /** `number`, whole, up to 2^53. */
  integer: (): Column<number> => of('integer'),
  /** `bigint`, 64 bits, signed. */
  bigint: (): Column<bigint> => of('bigint'),
  /** `number`: an amount of money in minor units (cents), whole, up to 2^53. The currency is a column of its own. */
  money: (): Column<number> => of('money'),
  boolean: (): Column<boolean> => of('boolean'),
  /** `Date`: a point in time, UTC, to the millisecond. */
  instant: (): Column<Date> => of('instant'),
  /** Anything that JSON can hold; cannot be searched. */
  json: <Value>(): Column<Value> => of('json'),
  /** A place on the earth: see `addSpatialIndex` and `whereWithin` of a table. */
  point: (): Column<GeoPoint> => of('point'),
} as const;
