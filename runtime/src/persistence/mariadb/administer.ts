import type { RowDataPacket } from 'mysql2/promise';
import { driverOptions } from './mariadb-connection.ts';
import { translated } from './mariadb-errors.ts';
import { mariadbAddress, withoutPassword } from './mariadb-url.ts';

/** Runs a statement: `??` are names, `?` values. Returns the rows, if it has any. */
export type Run = (sql: string, values?: readonly unknown[]) => Promise<readonly RowDataPacket[]>;

const TIMEOUT_MS = 10_000;

/**
 * Runs statements as an administrator, on one connection.
 *
 * @throws Error without passwords, of which such statements are full
 */
export async function administer<R>(adminUrl: string, work: (run: Run) => Promise<R>): Promise<R> {
  const { createConnection } = await import('mysql2/promise');
  const where = withoutPassword(adminUrl);
  const failed = (what: string, error: unknown): Error =>
    new Error(`${what} at ${where}: ${translated(error).message}`);
  const connection = await createConnection(driverOptions(mariadbAddress(adminUrl), TIMEOUT_MS)).catch(
    (error: unknown) => {
      throw failed('No connection to MariaDB', error);
    },
  );
  try {
    return await work(async (sql, values = []) => {
      try {
        const [rows] = await connection.query({ sql, timeout: TIMEOUT_MS }, values as unknown[]);
        return Array.isArray(rows) ? (rows as RowDataPacket[]) : [];
      } catch (error) {
        throw failed(sql.split(' ').slice(0, 2).join(' '), error);
      }
    });
  } finally {
    connection.destroy();
  }
}
