/** The types that a developer's channel handlers are written against. */
import type { Auth, Commit } from '../http/operation.ts';
import type { Tx } from '../persistence/tx.ts';

/** What every channel handler receives besides the parts of the upgrade that the contract declares. */
export interface WatchContext {
  /** Aborted when the client is gone. */
  readonly signal: AbortSignal;
  readonly correlationId: string;
}

/** A change that was told to a room, as a subscription sees it before it goes to its client. */
export interface Delta<Name extends string = string, Data = unknown> {
  readonly message: Name;
  readonly data: Data;
}

/**
 * What becomes of a change for one client: `send` it, `skip` it because it does not concern this client, or send the whole anew
 * (`snapshot`) because it says less than the client has to know.
 */
export type Delivery = 'send' | 'skip' | 'snapshot';

/** What one client watches. */
export interface Subscription<Snapshot = unknown, Change extends Delta = Delta> {
  /** Where changes are told: see {@link Tell}. The same rooms in the same order for the same parameters. */
  readonly rooms: string | readonly string[];
  /** The whole as it is now; undefined when it is not there (any more) for this client: its connection is closed with 4404. */
  readonly snapshot: () => Promise<Snapshot | undefined>;
  /** Left out: every change is sent. */
  readonly deliver?: (change: Change) => Delivery;
}

/** An open connection, as the handler of a received message sees it. */
export interface LiveConnection<Send = unknown> {
  readonly auth: Auth | undefined;
  readonly correlationId: string;
  readonly signal: AbortSignal;
  /** Runs work in a transaction. */
  readonly commit: Commit;
  /** Messages to this client alone. */
  readonly send: Send;
}

/** What a channel handler resolves with. The brand keeps hand-made objects out. */
export interface Watch {
  readonly [watchBrand]: true;
}
export declare const watchBrand: unique symbol;

/** Constructors of a channel handler's result. */
export interface WatchReplies<What> {
  /** Lets the client in. */
  watch(what: What): Watch;
  /** There is no such thing, or it is another's: 404, or 4404 to a browser. */
  notFound(): Watch;
  /** The parameters contradict each other: 400, or 4400 to a browser. */
  invalid(detail?: string): Watch;
  /** 501, or 4501 to a browser. */
  notImplemented(): Watch;
}

/**
 * Tells all who watch one of the rooms, on every instance, once the transaction has committed. The change is stored with it, so
 * that whoever missed it is told later.
 */
export type Tell<Data> = (tx: Tx, rooms: string | readonly string[], data: Data) => Promise<void>;
