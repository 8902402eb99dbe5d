/** Types of rows as they follow from the columns of a table. */
import type { Knex } from 'knex';
import type { AnyColumn, Column } from './column.ts';

export type Columns = Readonly<Record<string, AnyColumn>>;

type ValueOf<C> = C extends Column<infer Value, boolean, boolean> ? Value : never;
type OptionalKeys<C> = {
  [K in keyof C]: C[K] extends Column<unknown, infer O, boolean> ? (O extends true ? K : never) : never;
}[keyof C];
type GeneratedKeys<C> = {
  [K in keyof C]: C[K] extends Column<unknown, boolean, infer G> ? (G extends true ? K : never) : never;
}[keyof C];
type Flat<T> = { [K in keyof T]: T[K] };

/** A row as it is read: an optional column that is empty is an absent property. */
export type Row<C> = Flat<
  { -readonly [K in Exclude<keyof C, OptionalKeys<C>>]: ValueOf<C[K]> } & {
    -readonly [K in OptionalKeys<C>]?: ValueOf<C[K]>;
  }
>;

/** A row to insert: optional columns may be missing, undefined or null, generated ones may be missing. */
export type NewRow<C> = Flat<
  { readonly [K in Exclude<keyof C, OptionalKeys<C> | GeneratedKeys<C>>]: ValueOf<C[K]> } & {
    readonly [K in OptionalKeys<C>]?: ValueOf<C[K]> | null | undefined;
  } & { readonly [K in GeneratedKeys<C>]?: ValueOf<C[K]> }
>;

/** Columns to change: null empties an optional one, undefined leaves it. */
export type Patch<C> = {
  readonly [K in keyof C]?: ValueOf<C[K]> | (K extends OptionalKeys<C> ? null : never) | undefined;
};

/** Equality with each value given: a list is "one of", null is "empty". Undefined is refused, as it would select too much. */
export type Match<C> = {
  readonly [K in keyof C]?: ValueOf<C[K]> | readonly ValueOf<C[K]>[] | (K extends OptionalKeys<C> ? null : never);
};

/** Equality, or conditions stated on the knex builder (columns by their database names). */
export type Where<C> = Match<C> | ((query: Knex.QueryBuilder) => unknown);

export type Direction = 'asc' | 'desc';

export interface FindOptions<C> {
  /** `'name'`, `['name', ['age', 'desc']]` or `{ name: 'asc', age: 'desc' }`. */
  readonly orderBy?:
    | (keyof C & string)
    | readonly ((keyof C & string) | readonly [keyof C & string, Direction])[]
    | { readonly [K in keyof C]?: Direction };
  readonly limit?: number;
  readonly offset?: number;
  /** Locks the rows until the transaction ends. */
  readonly forUpdate?: boolean;
}
