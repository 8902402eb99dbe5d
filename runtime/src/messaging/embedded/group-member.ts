import type { Clock } from '../../process/service-definition.ts';
import { newOwner } from '../../persistence/process-owner.ts';
import { isDamaged } from '../../persistence/sqlite/sqlite-errors.ts';
import type { IncomingRecord, Subscription, SubscriptionSettings } from '../event-bus.ts';
import type { Bell } from './bell.ts';
import { GroupLedger } from './group-ledger.ts';
import type { LogFile } from './log-file.ts';
import type { LogTopic } from './log-topics.ts';
import { PartitionReader } from './partition-reader.ts';

export interface MemberContext {
  readonly file: LogFile;
  readonly bell: Bell;
  readonly clock: Clock;
  readonly leaseMs: number;
  readonly heartbeatMs: number;
  /** The log can never be read again. */
  readonly onCrash: (error: Error) => void;
  readonly readPartition: (
    topic: LogTopic,
    partition: number,
    from: number,
    limit: number,
  ) => Promise<readonly IncomingRecord[]>;
}

/** One member of a consumer group: this process, for one subscription. */
export class GroupMember implements Subscription {
  readonly #context: MemberContext;
  readonly #settings: SubscriptionSettings;
  readonly #topics: readonly LogTopic[];
  readonly #ledger: GroupLedger;
  readonly #readers = new Map<string, PartitionReader>();
  readonly #moved = new Set<PartitionReader>();
  readonly #handling = new AbortController();
  #generation = -1;
  #busy: Promise<void> = Promise.resolve();
  #queued = false;
  #flushQueued = false;
  #heartbeat: NodeJS.Timeout | undefined;
  #unlisten: () => void = () => undefined;
  #stopping = false;

  constructor(context: MemberContext, settings: SubscriptionSettings, topics: readonly LogTopic[]) {
    this.#context = context;
    this.#settings = settings;
    this.#topics = topics;
    const { file, leaseMs } = context;
    this.#ledger = new GroupLedger(file, { group: settings.group, owner: newOwner(), topics, leaseMs });
  }

  async start(): Promise<void> {
    await this.#round();
    this.#unlisten = this.#context.bell.listen(() => this.#wake());
    this.#heartbeat = setInterval(() => {
      this.#generation = -1;
      this.#wake();
    }, this.#context.heartbeatMs);
    this.#context.bell.ring();
  }

  async stop(graceMs = 20_000): Promise<void> {
    if (this.#stopping) return this.#busy;
    this.#stopping = true;
    this.#unlisten();
    clearInterval(this.#heartbeat);
    const timer = setTimeout(() => this.#handling.abort(), graceMs);
    this.#busy = this.#busy.then(async () => {
      await Promise.all([...this.#readers.values()].map((reader) => reader.stop()));
      clearTimeout(timer);
      await this.#flush();
      await this.#ledger.leave();
      this.#context.bell.ring();
    });
    return this.#busy;
  }

  /** Something may have happened. Looking costs microseconds; rings that come meanwhile are answered by one more look. */
  #wake(): void {
    if (this.#queued || this.#stopping) return;
    this.#queued = true;
    this.#busy = this.#busy.then(async () => {
      this.#queued = false;
      if (this.#stopping) return;
      try {
        if (this.#moved.size > 0 && !this.#flushQueued) await this.#flush();
        if ((await this.#ledger.generation()) !== this.#generation) await this.#round();
        await this.#wakeReaders();
      } catch (error) {
        if (isDamaged(error)) this.#crash(error);
        // The log is locked for longer than we wait: the next ring or heartbeat looks again.
        this.#generation = -1;
      }
    });
  }

  #crash(error: Error): void {
    this.#stopping = true;
    clearInterval(this.#heartbeat);
    this.#context.onCrash(error);
  }

  async #round(): Promise<void> {
    const { held, surplus } = await this.#ledger.round(this.#context.clock.now().getTime());
    const keep = new Set([...held, ...surplus].map(nameOf));
    for (const [name, reader] of this.#readers) {
      // The lease ran out and another member has it: what is being handled there meets the inbox.
      if (!keep.has(name)) this.#forget(name, reader);
    }
    for (const { topic, partition, committed } of held) {
      const name = nameOf({ topic, partition });
      if (!this.#readers.has(name)) this.#readers.set(name, this.#reader(topic, partition, committed));
    }
    // Not waited for: a handler may take long. What fails is tried again at the next heartbeat.
    if (surplus.length > 0) void this.#giveUp(surplus.map(nameOf)).catch(() => undefined); // as said above
    this.#generation = await this.#ledger.generation();
    await this.#wakeReaders();
  }

  #reader(topic: LogTopic, partition: number, position: number): PartitionReader {
    const { readPartition, clock } = this.#context;
    const reader: PartitionReader = new PartitionReader(
      {
        topic,
        partition,
        read: (from, limit) => readPartition(topic, partition, from, limit),
        moved: () => {
          this.#moved.add(reader);
          if (this.#flushQueued) return;
          this.#flushQueued = true;
          setImmediate(() => void this.#flush());
        },
      },
      { position, settings: this.#settings, clock, handling: this.#handling.signal },
    );
    return reader;
  }

  async #wakeReaders(): Promise<void> {
    const { file } = this.#context;
    for (const topic of this.#topics) {
      for (const row of await file.read('SELECT partition, next FROM partitions WHERE topic = ?', topic.id)) {
        const reader = this.#readers.get(nameOf({ topic, partition: Number(row['partition']) }));
        if (reader && reader.position < Number(row['next'])) reader.wake();
      }
    }
  }

  /** Commits where the readers are; many records handled in one turn of the event loop are one write. */
  async #flush(): Promise<void> {
    const readers = [...this.#moved];
    this.#moved.clear();
    this.#flushQueued = false;
    try {
      if (readers.length === 0) return;
      const positions = readers.map((reader) => ({
        topic: reader.topic,
        partition: reader.partition,
        next: reader.position,
        reader,
      }));
      const lost = new Set(await this.#ledger.commit(positions));
      for (const position of positions) if (lost.has(position)) this.#forget(nameOf(position), position.reader);
    } catch {
      // Not lost: what was handled is in the inbox, and the next record commits a later position.
      for (const reader of readers) this.#moved.add(reader);
    }
  }

  async #giveUp(names: readonly string[]): Promise<void> {
    const readers = names.flatMap((name) => this.#readers.get(name) ?? []);
    await Promise.all(readers.map((reader) => reader.stop()));
    await this.#flush();
    for (const reader of readers) this.#readers.delete(nameOf(reader));
    await this.#ledger.release(readers);
    this.#context.bell.ring();
  }

  #forget(name: string, reader: PartitionReader): void {
    if (this.#readers.get(name) === reader) this.#readers.delete(name);
    void reader.stop();
  }
}

const nameOf = ({ topic, partition }: { readonly topic: LogTopic; readonly partition: number }): string =>
  `${topic.id}/${partition}`;
