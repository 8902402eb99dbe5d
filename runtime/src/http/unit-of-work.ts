/**
 * The port between a request and the database: one unit per request, at most one transaction in it. HTTP decides what an
 * answer means, the implementation stores; neither knows the other's means.
 */
import type { Tx } from '../persistence/tx.ts';

/** What identifies a repeatable request. The same (subject, method, route, key) with another fingerprint is a mistake of the caller. */
export interface IdempotencyRequest {
  /** Subject of the caller; `anonymous` where the operation lets everybody in. */
  readonly subject: string;
  /** Upper case. */
  readonly method: string;
  /** The path's template, such as `/v1/orders/{orderId}/items`. */
  readonly route: string;
  /** 1 to 255 characters. */
  readonly key: string;
  /** HMAC-SHA-256 (hex), keyed with `key`, over target, media type and body of the request. */
  readonly fingerprint: string;
}

/** An answer as it went over the wire, so that the replay is the same to the byte. */
export interface StoredAnswer {
  readonly status: number;
  /** By header name in lower case, `content-type` included. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** `base64` when the body is not text. */
  readonly encoding?: 'base64';
}

/** What becomes of the transaction once the work has returned. */
export interface Verdict {
  /** Whether rows and outbox are kept; otherwise they are rolled back. */
  readonly keep: boolean;
  /** Stored under the idempotency key if the request has one, whether or not the rows are kept; absent: the key stays free. */
  readonly answer?: StoredAnswer;
}

export interface UnitRequest {
  /** Becomes `tx.cause`. */
  readonly cause: { readonly correlationId: string; readonly causationId?: string; readonly traceparent?: string };
  readonly idempotency?: IdempotencyRequest;
}

/** A key that is not free: the first request's answer, still running, or another request altogether. */
export type TakenKey =
  | { readonly outcome: 'replay'; readonly answer: StoredAnswer }
  | { readonly outcome: 'busy'; readonly retryAfterSeconds?: number }
  | { readonly outcome: 'mismatch' };

/**
 * Runs `work` in one transaction and then does what `judge` says of its result. With an idempotency key the key's row is inserted
 * in that same transaction; if another request turns out to hold it, everything is rolled back and {@link KeyTakenError} is thrown.
 * A throw from `work` or `judge` rolls back everything, the key included.
 */
export type CommitUnit = <R>(work: (tx: Tx) => Promise<R>, judge: (result: R) => Verdict) => Promise<R>;

export type OpenedUnit = { readonly outcome: 'fresh'; readonly commit: CommitUnit } | TakenKey;

export interface UnitOfWork {
  /** Called before the handler. Reads whether the key is taken, if there is one; opens no transaction and inserts nothing. */
  open(request: UnitRequest): OpenedUnit | Promise<OpenedUnit>;
}

/** Thrown by {@link CommitUnit} when the key was taken between `open` and the insertion. The HTTP runtime answers it. */
export class KeyTakenError extends Error {
  override readonly name = 'KeyTakenError';
  readonly taken: TakenKey;

  constructor(taken: TakenKey) {
    super(`The idempotency key is taken: ${taken.outcome}`);
    this.taken = taken;
  }
}
