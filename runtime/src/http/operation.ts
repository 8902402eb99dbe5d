/** The types that a developer's operation handlers are written against. */
import type { Tx } from '../persistence/tx.ts';

/** An answer as `reply.<constructor>()` makes it. The brand keeps hand-made objects out. */
export interface Reply<Status extends number = number, Body = unknown> {
  readonly status: Status;
  readonly body: Body;
  /** By header name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly contentType?: string;
  readonly [replyBrand]: true;
}
export declare const replyBrand: unique symbol;

/** The answer of an operation whose handler is not written yet: 501, on every operation. */
export type NotImplemented = Reply<501, never>;

/** Who is calling, as verified. `subject` is the token's `sub`, or the name of the API key's holder. */
export interface Auth {
  readonly subject: string;
  readonly scopes: readonly string[];
  readonly roles: readonly string[];
  /** Name of the security scheme (as in the contract) that let the caller in. */
  readonly scheme: string;
  /** The verified claims; empty for an API key. */
  readonly claims: Readonly<Record<string, unknown>>;
}

/**
 * Runs `work` in the one transaction of this request or message; can be called once.
 * An answer below 400 commits, 4xx rolls the rows back and keeps the idempotency key with its answer,
 * 5xx or a throw rolls back everything.
 *
 * `work` may run more than once: when the database asks for it (deadlock, lost connection), and, of a message, when the transaction
 * was shared with another one that failed. It is rolled back before, so whatever goes through `tx` is done once; calls to others,
 * and what outlives it in memory, belong before or behind `commit`.
 */
export type Commit = <R>(work: (tx: Tx) => Promise<R>) => Promise<R>;

/** What every handler receives besides the parts of the request that the contract declares. */
export interface RequestContext {
  readonly commit: Commit;
  /** Aborted when the client is gone or the request's time is over. */
  readonly signal: AbortSignal;
  readonly correlationId: string;
  /** Address of the caller's end of the connection, for what is counted by address; absent where there is no connection. */
  readonly remoteAddress?: string;
  /** Where the contract has several media types for success: the one that the client prefers by its `Accept`. */
  readonly preferred?: string;
}
