import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../process/service-definition.ts';
import { backoffMs } from '../../persistence/backoff.ts';
import type { IncomingRecord, SubscriptionSettings } from '../event-bus.ts';
import { handOver } from '../hand-over.ts';
import type { LogTopic } from './log-topics.ts';

const BATCH = 100;
const PAUSES = { baseMs: 50, maxMs: 5_000 };

export interface PartitionSource {
  readonly topic: LogTopic;
  readonly partition: number;
  /** Records from `position` on, in order. */
  read(position: number, limit: number): Promise<readonly IncomingRecord[]>;
  /** The next position to handle has moved. */
  moved(): void;
}

/** Handles the records of one partition, as many at once as its settings say, as long as there are some. */
export class PartitionReader {
  readonly topic: LogTopic;
  readonly partition: number;
  readonly #source: PartitionSource;
  readonly #settings: SubscriptionSettings;
  readonly #clock: Clock;
  readonly #handling: AbortSignal;
  readonly #stopped = new AbortController();
  #running: Promise<void> | undefined;
  #again = false;
  /** Next position to handle. */
  position: number;

  constructor(
    source: PartitionSource,
    start: { position: number; settings: SubscriptionSettings; clock: Clock; handling: AbortSignal },
  ) {
    this.topic = source.topic;
    this.partition = source.partition;
    this.#source = source;
    this.position = start.position;
    this.#settings = start.settings;
    this.#clock = start.clock;
    this.#handling = start.handling;
  }

  /** There may be something to read. */
  wake(): void {
    this.#again = true;
    if (this.#running || this.#stopped.signal.aborted) return;
    this.#running = this.#run().finally(() => {
      this.#running = undefined;
      if (this.#again) this.wake();
    });
  }

  /** Takes no further record; resolves when those that are being handled are done. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    let failures = 0;
    while (this.#again && !this.#stopped.signal.aborted) {
      this.#again = false;
      try {
        await this.#drain();
        failures = 0;
      } catch {
        // The log is locked for longer than we wait.
        failures += 1;
        this.#again = true;
        await this.#rest(backoffMs(failures, PAUSES));
      }
    }
  }

  async #drain(): Promise<void> {
    const { atOnce = 1 } = this.#settings;
    for (;;) {
      const records = await this.#source.read(this.position, BATCH);
      for (let from = 0; from < records.length; from += atOnce) {
        if (this.#stopped.signal.aborted) return;
        await this.#handle(records.slice(from, from + atOnce));
      }
      if (records.length < BATCH) return;
    }
  }

  /** Resolves when all of the records are done, or it was stopped. */
  async #handle(records: readonly IncomingRecord[]): Promise<void> {
    const next = (records.at(-1)?.offset ?? 0) + 1;
    if (this.#settings.acknowledge === 'before') this.#advance(next);
    const until = { signal: this.#handling, goesOn: () => !this.#stopped.signal.aborted };
    for (let failures = 0, left = records; ;) {
      const { left: again, failure, pauseUntil } = await handOver(this.#settings, left, until);
      left = again;
      this.#advance(left[0]?.offset ?? next);
      if (left.length === 0) return;
      if (failure) {
        failures += 1;
        if (!this.#stopped.signal.aborted) this.#settings.onError?.(failure.error, failure.record);
        await this.#rest(backoffMs(failures, PAUSES));
      } else await this.#rest((pauseUntil?.getTime() ?? 0) - this.#clock.now().getTime());
      if (this.#stopped.signal.aborted) return;
    }
  }

  #advance(position: number): void {
    if (position <= this.position) return;
    this.position = position;
    this.#source.moved();
  }

  async #rest(ms: number): Promise<void> {
    try {
      await sleep(Math.max(1, ms), undefined, { signal: this.#stopped.signal });
    } catch (error) {
      if (!this.#stopped.signal.aborted) throw error;
    }
  }
}
