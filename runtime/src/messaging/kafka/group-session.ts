import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import type { IncomingRecord } from '../event-bus.ts';
import { within } from './deadline.ts';
import { toIncoming } from './incoming.ts';

export interface SessionSettings {
  readonly group: string;
  readonly topics: readonly string[];
  /**
   * Without a heartbeat for this long, the group goes on without this member. Brokers refuse less than 6 s if they are not told
   * otherwise (`group.min.session.timeout.ms`).
   */
  readonly leaseMs: number;
  readonly timeoutMs: number;
  /** A new group starts at the beginning of each topic, or with what comes. */
  readonly from: 'beginning' | 'end';
  /** These partitions are ours from now on, and no others. */
  readonly assigned: (partitions: Readonly<Record<string, readonly number[]>>) => void;
  /** The group shares out its partitions anew: nothing is ours until `assigned`. */
  readonly unassigned: () => void;
  /** Takes records over; resolves when the next ones may be fetched. */
  readonly take: (records: readonly IncomingRecord[]) => Promise<void>;
}

export interface Position {
  readonly topic: string;
  readonly partition: number;
  /** Next offset to handle. */
  readonly offset: number;
}

/** Requests are answered at once when there is something, else after this; a stop and a resumed partition wait for it. */
const FETCH_WAIT_MS = 250;
const HEARTBEAT_MS = 1_000;
/** A stop has a grace for all its steps: one that waits for a broker that hangs must leave some of it. */
const COMMIT_MS = 5_000;
const LEAVE_MS = 3_000;

/** One membership in a group: from joining to leaving, or to a failure after which kafkajs would have to start anew. */
export class GroupSession {
  readonly #settings: SessionSettings;
  readonly #consumer: Consumer;
  readonly #crashed = Promise.withResolvers<never>();
  readonly #stopping = Promise.withResolvers<void>();
  #starting: Promise<void> | undefined;
  #stopped = false;
  /** Times that the broker has said so. */
  #committed = 0;

  constructor(client: Kafka, settings: SessionSettings) {
    const { leaseMs } = settings;
    this.#settings = settings;
    this.#consumer = client.consumer({
      groupId: settings.group,
      sessionTimeout: leaseMs,
      rebalanceTimeout: Math.max(leaseMs, 20_000),
      // It is also by a heartbeat that one learns of others who join.
      heartbeatInterval: Math.min(HEARTBEAT_MS, Math.floor(leaseMs / 4)),
      maxWaitTimeInMs: FETCH_WAIT_MS,
      metadataMaxAge: 60_000,
      allowAutoTopicCreation: false,
      // It would start again by a timer that a stop in between does not end: whoever has this session opens another one.
      retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 3, restartOnFailure: async () => false },
    });
    this.#crashed.promise.catch(() => undefined); // whoever runs the session hears of it
    this.#consumer.on('consumer.crash', ({ payload }) => this.#crashed.reject(payload.error));
    this.#consumer.on('consumer.rebalancing', () => settings.unassigned());
    this.#consumer.on('consumer.commit_offsets', () => (this.#committed += 1));
    this.#consumer.on('consumer.group_join', ({ payload }) => settings.assigned(payload.memberAssignment));
  }

  /** Resolves when it was stopped. @throws what ended it. */
  async run(): Promise<void> {
    this.#starting = this.#start();
    await Promise.race([this.#crashed.promise, this.#stopping.promise, this.#starting]);
    await Promise.race([this.#crashed.promise, this.#stopping.promise]);
  }

  /** One at a time. @throws Error if the broker has not said that it has them. */
  async commit(positions: readonly Position[]): Promise<void> {
    if (positions.length === 0) return;
    const { timeoutMs } = this.#settings;
    const offsets = positions.map((position) => ({ ...position, offset: String(position.offset) }));
    const before = this.#committed;
    await within(Math.min(timeoutMs, COMMIT_MS), 'committing offsets', this.#consumer.commitOffsets(offsets));
    // A consumer that ends meanwhile resolves all the same: in the next session nobody would think of it again.
    if (this.#committed === before) throw new Error('The consumer ended before its offsets were committed');
  }

  pause(partitions: readonly Omit<Position, 'offset'>[]): void {
    if (this.#stopped) return;
    this.#consumer.pause(partitions.map(({ topic, partition }) => ({ topic, partitions: [partition] })));
  }

  resume(partitions: readonly Omit<Position, 'offset'>[]): void {
    if (this.#stopped) return;
    this.#consumer.resume(partitions.map(({ topic, partition }) => ({ topic, partitions: [partition] })));
  }

  /** Leaves the group; a broker that does not answer is not waited for. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#stopping.resolve();
    const starting = this.#starting?.catch(() => undefined); // whoever runs the session has heard of it
    const leave = async (): Promise<void> => {
      // A consumer that is stopped while it joins goes on as soon as it has joined.
      await starting;
      await this.#consumer.disconnect();
    };
    await within(Math.min(this.#settings.timeoutMs, LEAVE_MS), 'leaving the group', leave()).catch(() => undefined); // its lease will end
  }

  async #start(): Promise<void> {
    const { topics, from } = this.#settings;
    await this.#consumer.connect();
    await this.#consumer.subscribe({ topics: [...topics], fromBeginning: from === 'beginning' });
    await this.#consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      // Each has a worker of its own; how many run at once is for the database's pool to say.
      partitionsConsumedConcurrently: 256,
      eachBatch: (payload) => this.#batch(payload),
    });
  }

  async #batch({ batch, resolveOffset }: EachBatchPayload): Promise<void> {
    if (this.#stopped) return;
    const { topic, partition } = batch;
    await this.#settings.take(batch.messages.map((message) => toIncoming(topic, partition, message)));
    // Where the next fetch starts; committed is only what has been handled.
    resolveOffset(batch.lastOffset());
  }
}
