/** The hand-written services work on copies: the same spots, and tables for bookings with the same columns and indexes. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createConnection } from 'mysql2/promise';
import { createDatabase, mariadb } from '../servers.ts';

export interface Copies {
  readonly spots: string;
  readonly bookings: string;
}

/** Of what a platform under `root` has stored. */
export const copyFiles = (root: string): Copies => {
  const copy = (service: string): string => {
    const file = join(root, `by-hand-${service}.sqlite`);
    const database = new DatabaseSync(join(root, '.parkwise/data', `${service}.sqlite`), { timeout: 5_000 });
    database.prepare('VACUUM INTO ?').run(file);
    database.close();
    return `sqlite:${file}`;
  };
  return { spots: copy('parking-lot'), bookings: copy('booking') };
};

/** In the order in which they refer to each other. */
const TABLES = {
  'parking-lot': ['spots', 'blocks', 'busy_periods'],
  booking: ['spots', 'bookings', 'booking_history'],
};

/** Of what a platform has stored on MariaDB. */
export const copyDatabases = async (namespace: string): Promise<Copies> => {
  const connection = await createConnection(mariadb.url);
  const copy = async (service: keyof typeof TABLES): Promise<string> => {
    const url = await createDatabase(`${namespace}_by_hand_${service}`);
    for (const table of TABLES[service]) {
      // LIKE leaves out foreign keys, and they cost something: the statement that made the table has them.
      const [rows] = await connection.query(`SHOW CREATE TABLE \`${namespace}_${service}\`.\`${table}\``);
      const create = (rows as Record<string, string>[])[0]?.['Create Table'] ?? '';
      await connection.query(`USE \`${namespace}_by_hand_${service}\``);
      await connection.query(create);
      await connection.query(`INSERT INTO \`${table}\` SELECT * FROM \`${namespace}_${service}\`.\`${table}\``);
    }
    return url;
  };
  try {
    return { spots: await copy('parking-lot'), bookings: await copy('booking') };
  } finally {
    await connection.end();
  }
};
