import { setTimeout as sleep } from 'node:timers/promises';
import { backoffMs } from '../../persistence/backoff.ts';
import type { Clock } from '../../process/service-definition.ts';
import type { IncomingRecord, SubscriptionSettings } from '../event-bus.ts';
import { handOver } from '../hand-over.ts';

export interface WorkerParts {
  readonly topic: string;
  readonly partition: number;
  readonly settings: SubscriptionSettings;
  readonly clock: Clock;
  /** `position` has moved. With `before`, resolves once that is committed. */
  readonly moved: (worker: PartitionWorker) => Promise<void>;
  /** There is room for more. */
  readonly hungry: (worker: PartitionWorker) => void;
}

/** Fewer records than this waiting: time to fetch more. */
const LOW = 50;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Handles the records of one partition, as many at once as its settings say. It lives as long as the partition is ours, over rebalances and new
 * connections, after which the broker sends again from the last committed offset: what is here already is not taken twice.
 */
export class PartitionWorker {
  readonly topic: string;
  readonly partition: number;
  readonly #parts: WorkerParts;
  readonly #queue: IncomingRecord[] = [];
  readonly #stop = new AbortController();
  readonly #abort = new AbortController();
  #running: Promise<void> | undefined;
  #held = false;
  #repeats = false;
  /** Offset behind the last record taken. */
  #next = 0;
  /** Next offset to handle; undefined: none has been handled. */
  position: number | undefined;

  constructor(parts: WorkerParts) {
    this.#parts = parts;
    this.topic = parts.topic;
    this.partition = parts.partition;
  }

  get isIdle(): boolean {
    return this.#running === undefined;
  }

  /** Takes what was fetched. */
  add(records: readonly IncomingRecord[]): void {
    const first = records[0];
    if (!first || this.#stop.signal.aborted) return;
    // Offsets that begin anew without a rebalance: the topic was made anew.
    if (!this.#repeats && first.offset < this.#next) this.#next = 0;
    this.#repeats = false;
    for (const record of records) {
      if (record.offset < this.#next) continue;
      this.#queue.push(record);
      this.#next = record.offset + 1;
    }
    this.#wake();
  }

  /** Takes no further record for now: whose the partition is, is being decided. */
  hold(): void {
    this.#held = true;
  }

  /** It is still ours; what is fetched next may be here already. */
  keep(): void {
    this.#held = false;
    this.#repeats = true;
    this.#wake();
  }

  /** Resolves when there is nothing left to do, or the time is up. */
  async settled(ms: number): Promise<void> {
    const running = this.#running;
    if (!running) return;
    const { promise: timeUp, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    try {
      await Promise.race([running, timeUp]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Takes no further record; resolves when those that are being handled are done. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#held = false;
    await this.#running;
  }

  /** There is no time left, or the partition is somebody else's now. */
  abort(): void {
    this.#stop.abort();
    this.#abort.abort();
  }

  #wake(): void {
    if (this.#running || this.#held || this.#queue.length === 0 || this.#stop.signal.aborted) return;
    this.#running = this.#run().finally(() => {
      this.#running = undefined;
      if (!this.#stop.signal.aborted) this.#parts.hungry(this);
      this.#wake();
    });
  }

  async #run(): Promise<void> {
    const { atOnce = 1 } = this.#parts.settings;
    while (this.#queue.length > 0 && !this.#paused()) {
      if (!(await this.#handle(this.#queue.slice(0, atOnce)))) return;
    }
  }

  #paused(): boolean {
    return this.#held || this.#stop.signal.aborted;
  }

  /** @returns false when it was stopped before all of the records were done. */
  async #handle(records: readonly IncomingRecord[]): Promise<boolean> {
    const { settings, clock } = this.#parts;
    if (settings.acknowledge === 'before') await this.#advance((records.at(-1)?.offset ?? 0) + 1);
    const until = { signal: this.#abort.signal, goesOn: () => !this.#paused() };
    for (let failures = 0, left = records; ;) {
      const handed = await handOver(settings, left, until);
      this.#done(left.length, handed.left);
      left = handed.left;
      if (left.length === 0) return true;
      if (handed.failure) {
        failures += 1;
        const { error, record } = handed.failure;
        if (!this.#stop.signal.aborted) settings.onError?.(error, record);
        await this.#rest(backoffMs(failures, { baseMs: 50, maxMs: 5_000 }));
      } else await this.#rest((handed.pauseUntil?.getTime() ?? 0) - clock.now().getTime());
      // Held: whoever has the partition next handles what is left.
      if (this.#paused()) return false;
    }
  }

  /** What is done does not come again, also where an earlier one does. */
  #done(handed: number, left: readonly IncomingRecord[]): void {
    const before = this.#queue.length;
    this.#queue.splice(0, handed, ...left);
    if (before >= LOW && this.#queue.length < LOW) this.#parts.hungry(this);
    if (this.#parts.settings.acknowledge === 'before' || this.#abort.signal.aborted) return;
    void this.#advance(this.#queue[0]?.offset ?? this.#next);
  }

  #advance(position: number): Promise<void> {
    this.position = position;
    return this.#parts.moved(this);
  }

  async #rest(ms: number): Promise<void> {
    try {
      await sleep(Math.min(Math.max(1, ms), LONGEST_TIMER_MS), undefined, { signal: this.#stop.signal });
    } catch (error) {
      if (!this.#stop.signal.aborted) throw error;
    }
  }
}
