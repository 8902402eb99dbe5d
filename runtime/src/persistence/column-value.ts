import type { ColumnKind } from './column.ts';
import type { GeoPoint } from './geography.ts';

/** The value, if it is one of the column's kind. A database would make something else of another, each in its own way. */
export function checkedValue(kind: ColumnKind, value: unknown): unknown {
  const check = checks[kind];
  if (check && !check.holds(value)) throw new TypeError(check.message);
  return value;
}

const whole = { holds: Number.isSafeInteger, message: 'An integer or money column takes a whole number up to 2^53' };
const text = { holds: (value: unknown) => typeof value === 'string', message: 'A text or uuid column takes a string' };

const checks: { readonly [K in ColumnKind]?: { holds(value: unknown): boolean; readonly message: string } } = {
  integer: whole,
  money: whole,
  serial: whole,
  text,
  uuid: text,
  bigint: {
    holds: (value) => typeof value === 'bigint' && BigInt.asIntN(64, value) === value,
    message: 'A bigint column takes a bigint of 64 bits',
  },
  instant: {
    holds: (value) => value instanceof Date && value.getTime() >= EARLIEST && value.getTime() <= LATEST,
    message: 'An instant column takes a valid Date of the years 1000 to 9999',
  },
  point: {
    holds: (value) => isPoint(value),
    message: 'A point column takes a longitude from -180 to 180 and a latitude from -90 to 90',
  },
};

const EARLIEST = Date.UTC(1000, 0, 1);
const LATEST = Date.UTC(10_000, 0, 1) - 1;

function isPoint(value: unknown): value is GeoPoint {
  const { longitude, latitude } = (value ?? {}) as Partial<GeoPoint>;
  return Math.abs(longitude ?? Number.NaN) <= 180 && Math.abs(latitude ?? Number.NaN) <= 90;
}
