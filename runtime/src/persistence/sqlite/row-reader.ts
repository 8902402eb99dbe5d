import type { SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite';

type Value = SQLOutputValue;
export type RowReader = (bindings: readonly SQLInputValue[]) => readonly Record<string, unknown>[];

/** Reads the rows of a statement as plain objects: integers as numbers if they are safe, as bigints if they are not. */
export const rowReader = (sql: string, statement: StatementSync): RowReader =>
  namesItsColumns(sql) ? listReader(statement) : objectReader(statement);

/** With `*`, a change of the table changes what a prepared statement returns. And what writes cannot be asked twice. */
const namesItsColumns = (sql: string): boolean => /^\s*select\b[^*]*$/i.test(sql);

/** For a SELECT whose columns are known once and for all: `node:sqlite` takes twice as long to make objects as lists, and longer for bigints. */
function listReader(statement: StatementSync): RowReader {
  const names = statement.columns().map(({ name }) => name);
  statement.setReturnArrays(true);
  let areSafe = true;
  const all = (bindings: readonly SQLInputValue[]): readonly Value[][] =>
    // Lists, since setReturnArrays; the types do not follow.
    statement.all(...bindings) as unknown as Value[][];
  return (bindings) => {
    let lists: readonly Value[][];
    try {
      lists = all(bindings);
    } catch (error) {
      if (!areSafe || !isUnsafeInteger(error)) throw error;
      // From now on: where there is one above 2^53, there will be others.
      areSafe = false;
      statement.setReadBigInts(true);
      lists = all(bindings);
    }
    return lists.map((values) => {
      const row: Record<string, unknown> = {};
      for (let index = 0; index < names.length; index += 1) {
        row[names[index] as string] = areSafe ? values[index] : smallest(values[index]);
      }
      return row;
    });
  };
}

function objectReader(statement: StatementSync): RowReader {
  statement.setReadBigInts(true);
  return (bindings) => statement.all(...bindings).map(plainRow);
}

/** That `node:sqlite` has found an integer which a number cannot hold. */
const isUnsafeInteger = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_OUT_OF_RANGE';

function plainRow(row: Record<string, Value>): Record<string, unknown> {
  const plain: Record<string, unknown> = {};
  for (const name in row) plain[name] = smallest(row[name]);
  return plain;
}

const smallest = (value: Value | undefined): unknown =>
  typeof value === 'bigint' && value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)
    ? Number(value)
    : value;
