/**
 * The port between messaging and what carries the messages. It knows topics, partitions and bytes; outbox, inbox, retries and dead
 * letters are above it, the same on every transport.
 */

export interface OutgoingRecord {
  readonly topic: string;
  /** Records of one key go to one partition, and are received in the order in which they were sent. */
  readonly key?: string;
  /** Where the key shall not decide. */
  readonly partition?: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: string;
}

export interface IncomingRecord {
  readonly topic: string;
  readonly partition: number;
  /** Position in the partition; grows, may have gaps. */
  readonly offset: number;
  readonly key?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: string;
  /** When the transport stored it. */
  readonly timestamp: Date;
}

/** Physical topics: the namespace is in the name already. */
export interface TopicSettings {
  readonly name: string;
  readonly partitions: number;
  readonly retentionMs?: number;
  readonly compact?: boolean;
}

/** Nothing: the record is done. `pauseUntil`: not yet; the partition rests until then, and the record comes again. */
export type RecordOutcome = { readonly pauseUntil: Date } | undefined;

export interface SubscriptionSettings {
  readonly group: string;
  readonly topics: readonly string[];
  /**
   * Handles one record. Those of one partition come one after another; the offset is committed once it has resolved. If it rejects,
   * the same record comes again after a pause. `signal` is aborted when there is no time left to finish.
   */
  readonly handle: (record: IncomingRecord, signal: AbortSignal) => Promise<RecordOutcome> | Promise<void>;
  /** Called when `handle` rejected; for the log. */
  readonly onError?: (error: unknown, record: IncomingRecord) => void;
  /** `before` loses records when the process dies: there for fault tests. */
  readonly acknowledge?: 'before' | 'after';
}

export interface Subscription {
  /** Takes no further record, waits for the handlers that run (their signal is aborted after `graceMs`), commits and leaves the group. */
  stop(graceMs?: number): Promise<void>;
}

export interface EventBus {
  /** Creates those that do not exist; existing ones keep their partitions, or get more. */
  createTopics(topics: readonly TopicSettings[]): Promise<void>;
  /** Resolves once all records are stored durably, in the order given. */
  send(records: readonly OutgoingRecord[]): Promise<void>;
  /** Joins the group. A group that is new starts at the beginning of each topic. */
  subscribe(settings: SubscriptionSettings): Promise<Subscription>;
  close(): Promise<void>;
}
