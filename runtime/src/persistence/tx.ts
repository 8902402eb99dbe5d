import type { Knex } from 'knex';
import type { Dialect } from './dialect.ts';

export declare const txBrand: unique symbol;

/** Where SQL can run: the service's database outside a transaction (reads), or a transaction. */
export interface Sql {
  readonly knex: Knex;
  readonly dialect: Dialect;
}

/**
 * An open transaction. Only the runtime makes one (in `commit`, or `transaction` of the composition root), so that what takes a
 * `Tx` (publishing, saving) does not compile outside of one.
 */
export interface Tx extends Sql {
  readonly [txBrand]: true;
  readonly knex: Knex.Transaction;
  /** What caused the transaction: copied into the envelope of every message published in it. */
  readonly cause: { readonly correlationId: string; readonly causationId?: string; readonly traceparent?: string };
}
