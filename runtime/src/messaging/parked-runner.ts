import { systemClock } from '../process/system-clock.ts';
import { newOwner } from '../persistence/process-owner.ts';
import { parkedMessages } from '../persistence/runtime-tables.ts';
import type { ConsumerOptions } from './consumer-options.ts';
import type { Consumer } from './consumer.ts';
import { handleMessage, type MessageHandlers } from './message-handling.ts';
import { noMessagingMetrics, type Outcome } from './messaging-metrics.ts';
import { claimParked, parkedHeads, recordOf, releaseParked, type ParkedMessage } from './parked-keys.ts';
import { resolveMessage, type Upcasters } from './resolve-message.ts';
import { Wakeup } from './wakeup.ts';

interface RunnerParts {
  readonly consumer: Consumer;
  readonly handlers: MessageHandlers;
  readonly upcasters: Upcasters;
  readonly options: ConsumerOptions;
}

/** Tries the parked messages of one consumer again when their time has come, each key in order. */
export class ParkedRunner {
  readonly #parts: RunnerParts;
  readonly #owner = newOwner();
  readonly #wakeup = new Wakeup();
  readonly #stop = new AbortController();
  readonly #abort = new AbortController();
  #running: Promise<void> | undefined;

  constructor(parts: RunnerParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Something was parked. */
  wake(): void {
    this.#wakeup.ring();
  }

  async stop(graceMs: number): Promise<void> {
    this.#stop.abort();
    this.#wakeup.end();
    const timer = setTimeout(() => this.#abort.abort(), graceMs);
    await this.#running;
    clearTimeout(timer);
    await releaseParked(this.#parts.options.database, this.#owner);
  }

  async #run(): Promise<void> {
    const { options } = this.#parts;
    while (!this.#stop.signal.aborted) {
      let restMs = options.parkedPollMs ?? 1_000;
      try {
        const due = await this.#handleDue();
        if (due !== undefined) restMs = Math.min(restMs, Math.max(1, due.getTime() - this.#now().getTime()));
      } catch (error) {
        options.log?.warn({ err: error }, 'parked messages could not be looked at, it will be tried again');
      }
      await this.#wakeup.wait(restMs);
    }
  }

  /** @returns when the next one is due. */
  async #handleDue(): Promise<Date | undefined> {
    const { database } = this.#parts.options;
    for (;;) {
      const heads = await parkedHeads(database, this.#parts.consumer.definition.operationId);
      const now = this.#now();
      const due = heads.filter((row) => row.dueAt <= now);
      if (due.length === 0 || this.#stop.signal.aborted) return earliest(heads);
      const moved = await Promise.all(due.map((row) => this.#handleHead(row)));
      // All of them in the hands of another process: nothing to do but wait.
      if (!moved.includes(true)) return undefined;
    }
  }

  async #handleHead(row: ParkedMessage): Promise<boolean> {
    const { options, consumer } = this.#parts;
    const now = this.#now();
    const until = new Date(now.getTime() + (options.parkedLeaseMs ?? 60_000));
    if (!(await claimParked(options.database, row, { owner: this.#owner, now, until }))) return false;
    const started = performance.now();
    const { name, outcome } = await this.#attempt(row);
    const seconds = (performance.now() - started) / 1000;
    (options.metrics ?? noMessagingMetrics).consumed(consumer.definition.operationId, name, outcome, seconds);
    return true;
  }

  async #attempt(row: ParkedMessage): Promise<{ name: string; outcome: Outcome }> {
    const { consumer, handlers, upcasters, options } = this.#parts;
    const record = recordOf(row);
    const attempt = row.attempts + 1;
    let name = 'unknown';
    try {
      const resolved = resolveMessage(consumer.definition, record, upcasters);
      if (resolved.kind !== 'message')
        throw resolved.kind === 'invalid' ? resolved.error : new Error('not listed any more');
      name = resolved.consumed.message.name;
      const handled = await handleMessage(
        {
          consumer: consumer.definition,
          consumed: resolved.consumed,
          received: resolved.received,
          attempt,
          signal: this.#abort.signal,
          also: async (tx) => {
            await parkedMessages.delete(tx, { id: row.id });
          },
        },
        handlers,
        options,
      );
      return { name, outcome: handled ? 'handled' : 'duplicate' };
    } catch (error) {
      if (this.#abort.signal.aborted) throw error;
      return { name, outcome: await this.#failed(row, attempt, error) };
    }
  }

  async #failed(row: ParkedMessage, attempt: number, error: unknown): Promise<Outcome> {
    const { consumer, options } = this.#parts;
    const delay = consumer.definition.retryMs[attempt - 1];
    if (delay === undefined) {
      await consumer.bury({ record: recordOf(row), group: consumer.group, attempt, eventId: row.eventId, error });
      await options.database.transaction((tx) => parkedMessages.delete(tx, { id: row.id }));
      return 'dead-lettered';
    }
    options.log?.warn({ err: error, eventId: row.eventId, attempt, retryInMs: delay }, 'a parked message failed again');
    const dueAt = new Date(this.#now().getTime() + delay);
    await options.database.transaction((tx) =>
      // Whoever has waited for so long that another took over says nothing any more.
      parkedMessages.update(
        tx,
        { id: row.id, owner: this.#owner },
        { attempts: attempt, dueAt, owner: null, ownedUntil: null },
      ),
    );
    return 'parked';
  }

  #now(): Date {
    return (this.#parts.options.timer ?? systemClock).now();
  }
}

const earliest = (heads: readonly ParkedMessage[]): Date | undefined =>
  heads.length === 0 ? undefined : new Date(Math.min(...heads.map((row) => row.dueAt.getTime())));
