/** As much of what mysql2 says of a column as is needed. */
interface Field {
  readonly name: string;
  readonly columnType: number;
  /** Digits behind the point. */
  readonly decimals: number;
}

/** Numbers of MySQL's protocol. */
const BIGINT = 8;
const DECIMAL = 246;

/**
 * The driver gives digits for what may be beyond 2^53, and for each sum, which MariaDB reckons in decimals. As SQLite does, whole
 * numbers become a `number` where that is exact, else a `bigint`; decimals with a fraction stay digits. Changes the rows given.
 */
export const withWholeNumbers = (rows: unknown, fields: unknown): unknown => {
  if (!Array.isArray(rows) || !Array.isArray(fields)) return rows;
  for (const { name, columnType, decimals } of fields as readonly Field[]) {
    if (columnType !== BIGINT && !(columnType === DECIMAL && decimals === 0)) continue;
    for (const row of rows as Record<string, unknown>[]) {
      const value = row[name];
      if (typeof value === 'string') row[name] = exact(value);
    }
  }
  return rows;
};

const exact = (digits: string): number | bigint => {
  const number = Number(digits);
  return Number.isSafeInteger(number) ? number : BigInt(digits);
};
