import { connect, isIP, type Socket } from 'node:net';
import type { Connection, ConnectionOptions, QueryError } from 'mysql2';
import { CommitOutcomeUnknownError, DatabaseUnavailableError } from '../database-errors.ts';
import { isConflict, lost, translated } from './mariadb-errors.ts';
import type { MariadbAddress } from './mariadb-url.ts';
import { withWholeNumbers } from './whole-numbers.ts';

/** mysql2's connection, as far as it is needed and not typed. */
export type DriverConnection = Connection & { readonly stream: Socket };

/** Connections with a transaction. Once one has failed, every further statement of it is answered with that error. */
const open = new WeakMap<object, { failed?: Error }>();

/** knex gives up a rollback after 5 s and hands the connection to the next: by then it has to be closed. */
const ROLLBACK_MS = 4_000;

const NOTHING_DONE = [{ affectedRows: 0 }, undefined] as const;

/** Options for mysql2: instants, numbers and JSON as text or as exact as they are, never as the driver guesses. */
export function driverOptions(address: MariadbAddress, connectTimeoutMs: number): ConnectionOptions {
  const { host, port, user, password, database, tls } = address;
  return {
    // The certificate is checked against this name; the socket below knows where to go.
    host: tls?.serverName ?? host,
    port,
    user,
    password,
    ...(database !== '' && { database }),
    stream: () => openSocket(host, port),
    connectTimeout: connectTimeoutMs,
    charset: 'UTF8MB4_BIN',
    timezone: 'Z',
    dateStrings: true,
    jsonStrings: true,
    // Exact: a number up to 2^53, digits beyond, which become a bigint.
    supportBigNumbers: true,
    stringifyObjects: true,
    ...(tls && {
      ssl: {
        rejectUnauthorized: true,
        verifyIdentity: true,
        minVersion: 'TLSv1.2',
        ...(tls.ca !== undefined && { ca: tls.ca }),
        ...(tls.cert !== undefined && { cert: tls.cert }),
        ...(tls.key !== undefined && { key: tls.key }),
      },
    }),
  };
}

function openSocket(host: string, port: number): Socket {
  const socket = connect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: 30_000 });
  // Of an address without a name, Node would hold `localhost` against the certificate.
  return isIP(host) === 0 ? socket : Object.assign(socket, { _host: host });
}

export interface StatementSettings {
  readonly queryTimeoutMs: number;
  /** The session begins transactions by itself: BEGIN need not be sent. */
  readonly inTransactions: boolean;
}

/**
 * Runs one statement, within `queryTimeoutMs`. A connection that does not answer in time is closed, since what it answers later would be
 * taken for the answer to something else.
 *
 * After a deadlock MariaDB has undone the whole transaction, and would take each further statement for something new: all of them
 * are refused until ROLLBACK, also when the error was caught in between.
 */
export async function runStatement(
  connection: DriverConnection,
  { sql, bindings = [] }: { readonly sql: string; readonly bindings?: readonly unknown[] },
  { queryTimeoutMs: timeoutMs, inTransactions }: StatementSettings,
): Promise<unknown> {
  const values = bindings.map(bindable);
  if (/^ROLLBACK;?$/.test(sql)) return rollBack(connection, sql, Math.min(ROLLBACK_MS, timeoutMs));
  if (sql.startsWith('BEGIN')) {
    open.set(connection, {});
    if (inTransactions) return NOTHING_DONE;
  }
  const state = open.get(connection);
  if (state?.failed) throw state.failed;
  const isCommit = sql.startsWith('COMMIT');
  if (isCommit) open.delete(connection);
  if (!isUsable(connection)) throw lost('closed');
  try {
    return await send(connection, { sql, values }, timeoutMs);
  } catch (error) {
    const known = translated(error);
    if (isCommit && !isConflict(known)) throw new CommitOutcomeUnknownError(known);
    if (state && (isConflict(known) || known instanceof DatabaseUnavailableError)) state.failed = known;
    throw known;
  }
}

/** Whoever has lost the connection has lost the transaction with it: that cannot fail, and hides no error that came before. */
async function rollBack(connection: DriverConnection, sql: string, timeoutMs: number): Promise<unknown> {
  open.delete(connection);
  try {
    if (isUsable(connection)) return await send(connection, { sql, values: [] }, timeoutMs);
  } catch {
    // Closed, the connection is rolled back by the server.
    connection.stream.destroy();
  }
  return NOTHING_DONE;
}

function send(
  connection: DriverConnection,
  { sql, values }: { readonly sql: string; readonly values: unknown[] },
  timeoutMs: number,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      connection.stream.destroy(
        new DatabaseUnavailableError(`The database did not answer within ${timeoutMs} ms`, { isLost: false }),
      );
    }, timeoutMs);
    const answered = (error: QueryError | null, rows: unknown, fields: unknown): void => {
      clearTimeout(timer);
      if (error) reject(error);
      else resolve([withWholeNumbers(rows, fields), fields]);
    };
    try {
      connection.query({ sql, values }, answered as never);
    } catch (error) {
      clearTimeout(timer);
      reject(error);
    }
  });
}

interface DriverState {
  readonly _fatalError?: unknown;
  readonly _protocolError?: unknown;
  readonly _closing?: boolean;
}

/** Whether the connection is not known to be closed. */
export function isUsable(connection: DriverConnection): boolean {
  const { _fatalError, _protocolError, _closing } = connection as DriverState;
  return !_fatalError && !_protocolError && !_closing && !connection.stream.destroyed;
}

/** What mysql2 would turn into a piece of SQL of its own making is refused. */
function bindable(value: unknown): unknown {
  if (value === undefined) return null;
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError(`MariaDB cannot store ${value}`);
  if (typeof value !== 'object' || value === null || value instanceof Date || value instanceof Uint8Array) return value;
  throw new TypeError(`MariaDB cannot store ${Object.prototype.toString.call(value)}: use a json column`);
}
