/** Failures that have to do with the way to the database, not with what was asked of it. */

/** The database cannot be reached, hangs or is shutting down. What was under way is rolled back, by the database itself if need be. */
export class DatabaseUnavailableError extends Error {
  override readonly name = 'DatabaseUnavailableError';
  readonly code = 'DATABASE_UNAVAILABLE';
  /**
   * The connection broke before COMMIT was sent: nothing of the transaction can have been stored, and another connection may well
   * work. After a timeout it is false: whoever has waited that long should hear of it.
   */
  readonly isLost: boolean;

  constructor(message: string, { isLost, cause }: { readonly isLost: boolean; readonly cause?: unknown }) {
    super(message, cause === undefined ? {} : { cause });
    this.isLost = isLost;
  }
}

/**
 * The connection broke while COMMIT was under way: the transaction is stored, or it is not. Never tried again by itself, since doing
 * so could store it twice. Whoever repeats it has to be recognised: by the idempotency key, or by the inbox.
 */
export class CommitOutcomeUnknownError extends Error {
  override readonly name = 'CommitOutcomeUnknownError';
  readonly code = 'COMMIT_OUTCOME_UNKNOWN';

  constructor(cause: unknown) {
    super('It is not known whether the transaction was stored: the connection was lost during COMMIT', { cause });
  }
}
