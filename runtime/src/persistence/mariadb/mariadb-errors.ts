import { DatabaseUnavailableError } from '../database-errors.ts';

/** Numbers of MariaDB's errors (https://mariadb.com/kb/en/mariadb-error-code-reference/). */
const CHECKREAD = 1020;
const TOO_MANY_CONNECTIONS = 1040;
const SERVER_SHUTDOWN = 1053;
const NO_ROOM = [1021, 1114];
const DUPLICATE = [1062, 1169, 1586];
const LOCK_WAIT_TIMEOUT = 1205;
const DEADLOCK = 1213;
const READ_ONLY_SERVER = [1290, 1836];
const READ_ONLY_TRANSACTION = 1792;
const STATEMENT_INTERRUPTED = [1317, 1969];
const CONNECTION_KILLED = 1927;

/** Numbers of errors whose text quotes a value or a piece of the statement. */
const QUOTES_VALUES = new Set([1064, 1292, 1366, 1411, 1416, 1525, 1690, 3140, 4025, ...DUPLICATE]);

/** An error that the server answered, without the values that it was about. */
export class MariadbError extends Error {
  override readonly name = 'MariadbError';
  readonly code: string | undefined;
  readonly errno: number;
  readonly sqlState: string | undefined;

  constructor(message: string, { code, errno, sqlState }: ServerError) {
    super(message);
    this.code = code;
    this.errno = errno;
    this.sqlState = sqlState;
  }
}

interface ServerError extends Error {
  readonly code?: string;
  readonly errno: number;
  readonly sqlState?: string;
}

const errnoOf = (error: unknown): number =>
  error instanceof Error && 'errno' in error && typeof error.errno === 'number' ? error.errno : 0;

export const isUniqueViolation = (error: unknown): boolean => DUPLICATE.includes(errnoOf(error));

/** InnoDB has undone the transaction or a part of it, and says that trying again may work. */
export const isConflict = (error: unknown): boolean =>
  [DEADLOCK, LOCK_WAIT_TIMEOUT, CHECKREAD].includes(errnoOf(error));

export const isLockTimeout = (error: unknown): boolean => errnoOf(error) === LOCK_WAIT_TIMEOUT;

/** A conflict, or a connection that broke before COMMIT was sent. Not a timeout: that would multiply the wait. */
export const isRetryable = (error: unknown): boolean =>
  isConflict(error) || (error instanceof DatabaseUnavailableError && error.isLost);

/**
 * What a caller may see of an error of the driver. The driver's own carries the whole statement with its values, and MariaDB quotes
 * values in its messages: neither may get into a log.
 */
export function translated(error: unknown): Error {
  if (!(error instanceof Error) || error instanceof DatabaseUnavailableError || error instanceof MariadbError) {
    return error instanceof Error ? error : new Error(String(error));
  }
  const errno = errnoOf(error);
  const { code, fatal } = error as { code?: unknown; fatal?: unknown };
  if (!('sqlState' in error) || errno <= 0) {
    return fatal === true || typeof code === 'string' ? lost(reasonOf(error), error) : error;
  }
  if (errno === SERVER_SHUTDOWN || errno === CONNECTION_KILLED) return lost(reasonOf(error));
  const answered = new MariadbError(readable(error, errno), error as ServerError);
  if (
    errno === TOO_MANY_CONNECTIONS ||
    NO_ROOM.includes(errno) ||
    STATEMENT_INTERRUPTED.includes(errno) ||
    READ_ONLY_SERVER.includes(errno)
  ) {
    return new DatabaseUnavailableError(answered.message, { isLost: false, cause: answered });
  }
  return answered;
}

/** The connection broke, and with it whatever had not been committed. */
export const lost = (reason: string, cause?: unknown): DatabaseUnavailableError =>
  new DatabaseUnavailableError(`The connection to the database was lost (${reason})`, { isLost: true, cause });

/** Of a handshake it is the text that says what was wrong. */
const reasonOf = (error: Error): string => {
  const { code } = error as { code?: unknown };
  if (typeof code !== 'string') return 'closed';
  return code.startsWith('HANDSHAKE') ? `${code}: ${error.message}` : code;
};

function readable({ message }: Error, errno: number): string {
  if (errno === READ_ONLY_TRANSACTION) {
    return `${message} (outside a transaction the database is only read: write inside commit or transaction)`;
  }
  if (DUPLICATE.includes(errno)) return `Duplicate entry for key ${/for key (.*)$/s.exec(message)?.[1] ?? 'unknown'}`;
  return QUOTES_VALUES.has(errno) ? message.replace(/(['"`]).*\1/gs, '…') : message;
}
