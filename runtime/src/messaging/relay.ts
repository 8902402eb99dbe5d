import type { Clock, Log } from '../process/service-definition.ts';
import { backoffMs } from '../persistence/backoff.ts';
import type { Database } from '../persistence/database.ts';
import { internalsOf } from '../persistence/database-dialect.ts';
import { outboxShards } from '../persistence/runtime-tables.ts';
import type { EventBus } from './event-bus.ts';
import type { MessagingMetrics } from './messaging-metrics.ts';
import { sendBatch } from './send-batch.ts';
import { Wakeup } from './wakeup.ts';

export interface RelayOptions {
  readonly database: Database;
  readonly bus: EventBus;
  readonly clock?: Clock;
  readonly log?: Log;
  readonly metrics?: MessagingMetrics;
  /** How often to look without having been woken. 1 s. */
  readonly pollMs?: number;
  /** Rows sent at once. 500. */
  readonly batch?: number;
  /** How long shards are held before they must be taken again. 15 s. */
  readonly leaseMs?: number;
  /** Pauses after a failure: doubling from `base` to `max`. 100 ms, 5 s. */
  readonly backoff?: { readonly baseMs: number; readonly maxMs: number };
}

export interface Relay {
  /** Sends what is in the outbox now; resolves when it is all acknowledged. For tests and the last pass. */
  flush(): Promise<void>;
  /** One last pass, then nothing more. What could not be sent stays for the next start. */
  stop(): Promise<void>;
}

/**
 * Sends what transactions have written to the outbox, in order within each key, at least once. Woken right after a commit of this
 * process; never gives up.
 */
export function startRelay(options: RelayOptions): Relay {
  const { database, log, clock = { now: () => new Date() }, backoff = { baseMs: 100, maxMs: 5_000 } } = options;
  const { outboxListeners, dialect } = internalsOf(database.knex);
  const claims = dialect.openClaims(database, { table: outboxShards.name, leaseMs: options.leaseMs ?? 15_000, clock });
  const wakeup = new Wakeup();
  const wake = (): void => wakeup.ring();
  const batch = options.batch ?? 500;
  const pass = (): Promise<number> => claims.run((claim) => sendBatch({ ...options, batch, clock }, claim));
  const stopping = new AbortController();
  let passing: Promise<unknown> = Promise.resolve();
  outboxListeners.add(wake);

  /** Passes never overlap: a later one could overtake an earlier one within a key. */
  const drain = async (): Promise<void> => {
    const mine = passing.then(async () => {
      while ((await pass()) >= batch);
    });
    passing = mine.catch(() => undefined); // its own caller hears of it
    return mine;
  };

  let failures = 0;
  const loop = async (): Promise<void> => {
    let restMs = 0;
    while (!stopping.signal.aborted) {
      try {
        await drain();
        failures = 0;
        restMs = options.pollMs ?? 1_000;
      } catch (error) {
        failures += 1;
        restMs = backoffMs(failures, backoff);
        log?.warn({ err: error, failures }, 'the outbox could not be sent, it will be tried again');
      }
      if (stopping.signal.aborted) break;
      // After a failure a commit is no reason to try sooner.
      await wakeup.wait(restMs, { ignoreRings: failures > 0 });
    }
  };
  const running = loop();

  return {
    flush: drain,
    async stop() {
      if (stopping.signal.aborted) return;
      stopping.abort();
      outboxListeners.delete(wake);
      wakeup.end();
      await running;
      try {
        // Where the pass before has failed just now, this one would keep the stop waiting and fail, too.
        if (failures === 0) await drain();
        await claims.release();
      } catch (error) {
        log?.warn({ err: error }, 'the last pass over the outbox failed, the next start sends the rest');
      }
    },
  };
}
