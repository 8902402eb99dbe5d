/** Result codes of SQLite (https://www.sqlite.org/rescode.html); the low byte is the primary code. */
const BUSY = 5;
const LOCKED = 6;
const READONLY = 8;
const FULL = 13;
const CORRUPT = 11;
const NOTADB = 26;
const CONSTRAINT_PRIMARYKEY = 1555;
const CONSTRAINT_UNIQUE = 2067;
const CONSTRAINT_ROWID = 2579;

const errcode = (error: unknown): number =>
  error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : 0;

/** Another connection holds the lock. */
export const isBusy = (error: unknown): boolean => [BUSY, LOCKED].includes(errcode(error) & 0xff);

/** The file is not what SQLite wrote: trying again does not help. */
export const isDamaged = (error: unknown): error is Error => [CORRUPT, NOTADB].includes(errcode(error) & 0xff);

/** There is no room for more, on the disk or in the file's limit. */
export const isFull = (error: unknown): boolean => (errcode(error) & 0xff) === FULL;

export const isReadOnly = (error: unknown): boolean => (errcode(error) & 0xff) === READONLY;

export const isUniqueViolation = (error: unknown): boolean =>
  [CONSTRAINT_PRIMARYKEY, CONSTRAINT_UNIQUE, CONSTRAINT_ROWID].includes(errcode(error));
