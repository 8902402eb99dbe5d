import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../process/service-definition.ts';
import { backoffMs } from '../../persistence/backoff.ts';
import type { IncomingRecord, SubscriptionSettings } from '../event-bus.ts';
import type { LogTopic } from './log-topics.ts';

const BATCH = 100;

export interface PartitionSource {
  readonly topic: LogTopic;
  readonly partition: number;
  /** Records from `position` on, in order. */
  read(position: number, limit: number): Promise<readonly IncomingRecord[]>;
  /** The next position to handle has moved. */
  moved(): void;
}

/** Handles the records of one partition, one after another, as long as there are some. */
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

  /** Takes no further record; resolves when the one that is being handled is done. */
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
        // Reported by #handle; the same record comes again.
        failures += 1;
        this.#again = true;
        await this.#rest(backoffMs(failures, { baseMs: 50, maxMs: 5_000 }));
      }
    }
  }

  async #drain(): Promise<void> {
    for (;;) {
      const records = await this.#source.read(this.position, BATCH);
      for (const record of records) {
        if (this.#stopped.signal.aborted) return;
        await this.#handle(record);
      }
      if (records.length < BATCH) return;
    }
  }

  async #handle(record: IncomingRecord): Promise<void> {
    if (this.#settings.acknowledge === 'before') this.#advance(record);
    for (;;) {
      const outcome = await this.#attempt(record);
      if (!outcome) break;
      await this.#rest(outcome.pauseUntil.getTime() - this.#clock.now().getTime());
      if (this.#stopped.signal.aborted) return;
    }
    this.#advance(record);
  }

  async #attempt(record: IncomingRecord) {
    try {
      return await this.#settings.handle(record, this.#handling);
    } catch (error) {
      if (!this.#stopped.signal.aborted) this.#settings.onError?.(error, record);
      throw error;
    }
  }

  #advance(record: IncomingRecord): void {
    this.position = record.offset + 1;
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
