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
  /** Copies on different brokers; a broker alone makes one. */
  readonly replicas?: number;
  /** -1: for ever. */
  readonly retentionMs?: number;
  /** Of each partition; -1: as much as there is. */
  readonly retentionBytes?: number;
  /** Keeps the newest record of each key. */
  readonly compact?: boolean;
  /** Of a compacted topic: records past the retention are deleted as well. */
  readonly compactAndDelete?: boolean;
  /** Of a compacted topic: how long a deletion can be seen. */
  readonly deleteRetentionMs?: number;
  /** Of one record as it is stored, key and headers included. */
  readonly maxMessageBytes?: number;
}

/** What is known of a topic that exists; what the transport does not say is left out. */
export interface TopicDescription extends TopicSettings {
  readonly partitions: number;
}

/** A setting in which a topic is not what its contract says. */
export interface TopicDifference {
  readonly topic: string;
  readonly setting: string;
  readonly contract: string;
  /** `missing` where the topic does not exist. */
  readonly actual: string;
}

/**
 * The transport will never take this record: it is larger than the topic allows. Those before it are stored, it and those behind it are
 * not.
 */
export class RecordRefusedError extends Error {
  override readonly name = 'RecordRefusedError';
  /** Its place in the list that was sent. */
  readonly index: number;

  constructor(index: number, reason: string) {
    super(reason);
    this.index = index;
  }
}

/** Topics that nobody has created, or that somebody has deleted. What was sent to others in the same call may be stored. */
export class TopicMissingError extends Error {
  override readonly name = 'TopicMissingError';
  readonly topics: readonly string[];

  constructor(topics: readonly string[]) {
    super(`The topic "${topics.join('", "')}" does not exist: create it before sending or subscribing`);
    this.topics = topics;
  }
}

/** Nothing: the record is done. `pauseUntil`: not yet; the partition rests until then, and the record comes again. */
export type RecordOutcome = { readonly pauseUntil: Date } | undefined;

export interface SubscriptionSettings {
  readonly group: string;
  readonly topics: readonly string[];
  /**
   * Handles one record. Those of one partition come one after another; the offset is committed once it has resolved. If it rejects,
   * the same record comes again after a pause. `signal` is aborted when there is no time left to finish. `goesOn` is for who
   * was given several and has not begun with this one yet: when it says no, the record is to be left, by any `pauseUntil`.
   */
  readonly handle: (
    record: IncomingRecord,
    signal: AbortSignal,
    goesOn: () => boolean,
  ) => Promise<RecordOutcome> | Promise<void>;
  /**
   * How many records of a partition are handed over before the first of them is done: then it is for `handle` to keep the order where
   * it matters. Still, nothing behind them is handed over before all of them are done. 1.
   */
  readonly atOnce?: number;
  /** Called when `handle` rejected, with the first of several; for the log. */
  readonly onError?: (error: unknown, record: IncomingRecord) => void;
  /** `before` loses records when the process dies: there for fault tests. */
  readonly acknowledge?: 'before' | 'after';
}

export interface Subscription {
  /** Takes no further record, waits for the handlers that run (their signal is aborted after `graceMs`), commits and leaves the group. */
  stop(graceMs?: number): Promise<void>;
}

export interface EventBus {
  /**
   * Creates those that do not exist. Existing ones never lose partitions. Where the transport is a server that cannot be reached,
   * this resolves all the same after a few seconds, and goes on trying.
   */
  createTopics(topics: readonly TopicSettings[]): Promise<void>;
  /**
   * Resolves once all records are stored durably, in the order given. If it rejects, some of them may be stored.
   *
   * @throws RecordRefusedError for a record that can never be stored; TopicMissingError
   */
  send(records: readonly OutgoingRecord[]): Promise<void>;
  /**
   * Joins the group. A group that is new starts at the beginning of each topic. A transport that is away for a while is waited for; one
   * that can never deliver again ends the process by an uncaught error, because a service that looks alive and receives nothing is worse.
   */
  subscribe(settings: SubscriptionSettings): Promise<Subscription>;
  close(): Promise<void>;
}

/** Where a consumer group stands in a partition. */
export interface GroupLag {
  readonly topic: string;
  readonly partition: number;
  /** Next offset to handle. */
  readonly committed: number;
  /** Offset that the next record will get. */
  readonly end: number;
}

/** A transport, with what tools and tests want to see of it. */
export interface EventLog extends EventBus {
  /** Names of the topics that exist. */
  topics(): Promise<readonly string[]>;
  /** Of those that exist. */
  describeTopics(names: readonly string[]): Promise<readonly TopicDescription[]>;
  /** All records of the given topics (all, if none is given) from the beginning or from now on, until the signal is aborted. */
  tail(
    options: { readonly topics?: readonly string[]; readonly from: 'beginning' | 'end' },
    signal: AbortSignal,
  ): AsyncGenerator<IncomingRecord, void, undefined>;
  /** Records of a topic, those of a partition in the order in which they were stored. */
  read(topic: string, limit?: number): Promise<readonly IncomingRecord[]>;
  /** Where a group stands in each partition that has records. */
  lag(group: string): Promise<readonly GroupLag[]>;
}
