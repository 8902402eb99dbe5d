/** The types that a developer's message handlers and publishers are written against. */
import type { Commit } from '../http/operation.ts';
import type { Tx } from '../persistence/tx.ts';

/** A received message, unpacked: `payload` is the business data, the rest comes from the envelope. */
export interface Received<Data = unknown> {
  readonly payload: Data;
  readonly id: string;
  readonly type: string;
  readonly version: number | string;
  readonly key: string;
  /** When it was published, UTC. */
  readonly time: Date;
  readonly source: string;
  readonly correlationId: string;
  readonly causationId?: string;
  /** Version of the aggregate, where the envelope has one. */
  readonly sequence?: number;
  readonly headers: Readonly<Record<string, string>>;
}

export interface MessageContext {
  /** The inbox row is in this transaction; see {@link Commit}. */
  readonly commit: Commit;
  readonly signal: AbortSignal;
  readonly attempt: number;
}

export type MessageHandler<Data = unknown> = (message: Received<Data>, context: MessageContext) => Promise<void>;

/** Parts of the envelope that only the publisher knows; required where the contract places them outside the data. */
export interface About {
  readonly key: string;
  readonly sequence?: number;
}

/** Writes the message to the outbox in the transaction; it is sent once that has committed. */
export type PublishMessage<Data, Rest extends readonly unknown[] = [about: About]> = (
  tx: Tx,
  data: Data,
  ...rest: Rest
) => Promise<void>;
