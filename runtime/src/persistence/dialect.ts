import type { Knex } from 'knex';

/** What differs between databases, so that no service needs to know which one it runs on. */
export interface Dialect {
  readonly name: 'sqlite' | 'mariadb';
  /** Locks the rows that the query selects until the transaction ends; a database with one writer has nothing to do. */
  forUpdate<Q extends Knex.QueryBuilder>(query: Q): Q;
  /** Whether the error says that a unique key was violated. */
  isUniqueViolation(error: unknown): boolean;
  /** Whether the transaction may be tried again as a whole (deadlock, busy). */
  isRetryable(error: unknown): boolean;
}
