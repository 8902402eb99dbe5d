import type { Kafka } from 'kafkajs';
import { backoffMs } from '../../persistence/backoff.ts';
import type { Clock, Log } from '../../process/service-definition.ts';
import type { IncomingRecord, Subscription, SubscriptionSettings } from '../event-bus.ts';
import { Wakeup } from '../wakeup.ts';
import { GroupSession, type Position } from './group-session.ts';
import { isAway, originalCause } from './kafka-errors.ts';
import { PartitionWorker } from './partition-worker.ts';

export interface SubscriptionContext {
  readonly client: () => Kafka;
  readonly clock: Clock;
  readonly log?: Log | undefined;
  readonly timeoutMs: number;
  readonly leaseMs: number;
  readonly backoffMaxMs: number;
  /** Resolves once the topics are there. */
  readonly ready: () => Promise<void>;
  /** It will never receive again. */
  readonly onCrash: (error: Error) => void;
}

/**
 * How long a fetch waits for its records to be handled, before slow partitions go on by themselves and the others are fetched. In this
 * time a rebalance waits for handlers, too: short ones are done before their partition moves.
 */
const PATIENCE_MS = 500;

/** Positions are committed this often at most. */
const COMMIT_MS = 100;

/** One member of a consumer group. It outlives its connections: as long as the broker is away, it goes on trying. */
export class KafkaSubscription implements Subscription {
  readonly #context: SubscriptionContext;
  readonly #settings: SubscriptionSettings;
  readonly #workers = new Map<string, PartitionWorker>();
  readonly #moved = new Set<PartitionWorker>();
  /** Those that are not fetched for now. */
  readonly #slow = new Set<PartitionWorker>();
  readonly #wakeup = new Wakeup();
  #session: GroupSession | undefined;
  #running: Promise<void> | undefined;
  #committing: Promise<void> | undefined;
  #commitTimer: NodeJS.Timeout | undefined;
  #stopping: Promise<void> | undefined;
  readonly #ending = Promise.withResolvers<void>();
  #joined = false;

  constructor(context: SubscriptionContext, settings: SubscriptionSettings) {
    this.#context = context;
    this.#settings = settings;
  }

  start(): void {
    this.#running = this.#run().catch((error: unknown) => {
      this.#context.onCrash(error instanceof Error ? error : new Error(String(error)));
    });
  }

  stop(graceMs = 20_000): Promise<void> {
    this.#stopping ??= this.#stop(graceMs);
    return this.#stopping;
  }

  async #stop(graceMs: number): Promise<void> {
    const workers = [...this.#workers.values()];
    this.#session?.pause(workers);
    const timer = setTimeout(() => workers.forEach((worker) => worker.abort()), graceMs);
    await Promise.all(workers.map((worker) => worker.stop()));
    clearTimeout(timer);
    await this.#commit();
    clearTimeout(this.#commitTimer);
    this.#wakeup.end();
    this.#ending.resolve();
    await this.#session?.stop();
    await this.#running;
  }

  async #run(): Promise<void> {
    await Promise.race([this.#context.ready(), this.#ending.promise]);
    let last: Error | undefined;
    for (let failures = 1; !this.#stopping; failures += 1) {
      const started = performance.now();
      const error = await this.#runSession();
      if (!error || this.#stopping) return;
      if (this.#joined) failures = 1;
      if (!isAway(error)) {
        const again = last?.message === error.message && performance.now() - started < 60_000;
        // What the broker refuses it will refuse again. A fault inside the client may be gone with a new one, once.
        if (again || isRefusal(error)) throw error;
        last = error;
      }
      const { log, backoffMaxMs } = this.#context;
      const restMs = backoffMs(failures, { baseMs: 100, maxMs: backoffMaxMs });
      log?.warn({ err: error, group: this.#settings.group, failures, retryInMs: restMs }, 'the broker is away');
      await this.#wakeup.wait(restMs);
    }
  }

  /** @returns what ended it; undefined when it was stopped. */
  async #runSession(): Promise<Error | undefined> {
    const { client, timeoutMs, leaseMs } = this.#context;
    this.#joined = false;
    const session = new GroupSession(client(), {
      ...this.#settings,
      leaseMs,
      timeoutMs,
      from: 'beginning',
      assigned: (partitions) => this.#assigned(partitions),
      unassigned: () => this.#unassigned(),
      take: (records) => this.#take(records),
    });
    this.#session = session;
    this.#slow.clear();
    try {
      await session.run();
      return undefined;
    } catch (error) {
      for (const worker of this.#workers.values()) worker.hold();
      await session.stop();
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  #unassigned(): void {
    for (const worker of this.#workers.values()) worker.hold();
    void this.#commit();
  }

  #assigned(partitions: Readonly<Record<string, readonly number[]>>): void {
    this.#joined = true;
    const names = new Set<string>();
    for (const [topic, numbers] of Object.entries(partitions)) {
      for (const partition of numbers) {
        const name = nameOf({ topic, partition });
        names.add(name);
        const worker = this.#workers.get(name);
        if (worker) worker.keep();
        else if (!this.#stopping) this.#workers.set(name, this.#worker(topic, partition));
      }
    }
    for (const [name, worker] of this.#workers) {
      if (names.has(name)) continue;
      // Somebody else's now. What is being handled there meets the inbox; its offset is not ours to commit.
      worker.abort();
      this.#workers.delete(name);
      this.#moved.delete(worker);
      this.#resume(worker);
    }
  }

  #worker(topic: string, partition: number): PartitionWorker {
    return new PartitionWorker({
      topic,
      partition,
      settings: this.#settings,
      clock: this.#context.clock,
      moved: (worker) => {
        this.#moved.add(worker);
        if (this.#settings.acknowledge === 'before') return this.#commit();
        this.#commitTimer ??= setTimeout(() => void this.#commit(), COMMIT_MS);
        return Promise.resolve();
      },
      hungry: (worker) => this.#resume(worker),
    });
  }

  #resume(worker: PartitionWorker): void {
    if (this.#slow.delete(worker) && !this.#stopping) this.#session?.resume([worker]);
  }

  async #take(records: readonly IncomingRecord[]): Promise<void> {
    const [first] = records;
    const worker = first && this.#workers.get(nameOf(first));
    if (!worker) return;
    worker.add(records);
    await worker.settled(PATIENCE_MS);
    if (worker.isIdle || this.#stopping) return;
    this.#slow.add(worker);
    this.#session?.pause([worker]);
  }

  /** Commits where the workers are. What fails is committed with the next records, or handled again by whoever is next. */
  async #commit(): Promise<void> {
    clearTimeout(this.#commitTimer);
    this.#commitTimer = undefined;
    await this.#committing;
    if (this.#moved.size === 0) return;
    const workers = [...this.#moved];
    this.#moved.clear();
    const positions = workers.flatMap(({ topic, partition, position }): Position[] =>
      position === undefined ? [] : [{ topic, partition, offset: position }],
    );
    this.#committing = (async () => {
      try {
        await this.#session?.commit(positions);
      } catch (error) {
        for (const worker of workers) if (this.#workers.get(nameOf(worker)) === worker) this.#moved.add(worker);
        this.#context.log?.debug({ err: error, group: this.#settings.group }, 'offsets were not committed yet');
        if (!this.#stopping) this.#commitTimer ??= setTimeout(() => void this.#commit(), COMMIT_MS * 10);
      }
    })();
    await this.#committing;
    this.#committing = undefined;
  }
}

const nameOf = ({ topic, partition }: { readonly topic: string; readonly partition: number }): string =>
  `${topic}/${partition}`;

/** The broker has said no, and did not fail. */
const isRefusal = (error: Error): boolean => {
  const cause = originalCause(error);
  return cause instanceof Error && ['KafkaJSProtocolError', 'KafkaJSSASLAuthenticationError'].includes(cause.name);
};
