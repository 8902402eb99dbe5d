/** What the databases of a platform say, read beside the services. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Runs a query on a database of the platform under `root`; no rows where it has not been made yet. */
export const query = (root: string, database: string, sql: string): Record<string, unknown>[] => {
  const file = join(root, '.parkwise/data', `${database}.sqlite`);
  if (!existsSync(file)) return [];
  const connection = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
  try {
    return connection.prepare(sql).all();
  } finally {
    connection.close();
  }
};

/** Pairs of bookings that hold the same spot at the same time. */
export const overlaps = (root: string): number =>
  Number(
    query(
      root,
      'booking',
      `SELECT count(*) AS pairs FROM bookings a JOIN bookings b
         ON a.spot_id = b.spot_id AND a.id < b.id AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at
       WHERE a.status IN ('PENDING_PAYMENT', 'CONFIRMED', 'ACTIVE') AND b.status IN ('PENDING_PAYMENT', 'CONFIRMED', 'ACTIVE')`,
    )[0]?.['pairs'],
  );
