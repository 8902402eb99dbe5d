import type { Tracing } from '../observability/tracing.ts';
import type { Clock, Log } from '../process/service-definition.ts';
import { backoffMs } from '../persistence/backoff.ts';
import type { Database } from '../persistence/database.ts';
import { internalsOf } from '../persistence/database-dialect.ts';
import { outboxShards } from '../persistence/runtime-tables.ts';
import { AbsentTopics } from './absent-topics.ts';
import type { EventBus } from './event-bus.ts';
import type { MessagingMetrics } from './messaging-metrics.ts';
import { claimRows, idCursor } from './sabotage-relay.ts';
import type { Faults } from './sabotage.ts';
import { sendBatch } from './send-batch.ts';
import { waitingShards } from './unsent-rows.ts';
import { Wakeup } from './wakeup.ts';

export interface RelayOptions {
  readonly database: Database;
  readonly bus: EventBus;
  readonly clock?: Clock;
  readonly log?: Log;
  readonly metrics?: MessagingMetrics;
  readonly tracing?: Tracing;
  /** How often to look without having been woken. 1 s. */
  readonly pollMs?: number;
  /** Rows sent at once. 500. */
  readonly batch?: number;
  /** How long shards are held before they must be taken again. 15 s. */
  readonly leaseMs?: number;
  /** Pauses after a failure: doubling from `base` to `max`. 100 ms, 5 s. */
  readonly backoff?: { readonly baseMs: number; readonly maxMs: number };
  readonly faults?: Faults;
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
  const absent = new AbsentTopics(backoff.maxMs);
  const findWanted = (): Promise<readonly number[]> => waitingShards(database, batch, absent.names);
  const cursor = options.faults?.has('relay-id-cursor') ? idCursor() : undefined;
  const pass = async (): Promise<Pass> => {
    if (options.faults?.has('relay-claims-rows')) return { sent: await claimRows(options, clock), isContended: false };
    return claims.run(async (claim) => {
      const sent = await sendBatch({ ...options, batch, clock, cursor, absent }, claim);
      return { sent, isContended: claim.isContended };
    }, findWanted);
  };
  const stopping = new AbortController();
  let passing: Promise<unknown> = Promise.resolve();
  outboxListeners.add(wake);

  /** Passes never overlap: a later one could overtake an earlier one within a key. */
  const drain = async (): Promise<Pass> => {
    const mine = passing.then(async () => {
      let last = await pass();
      while (last.sent >= batch) last = await pass();
      return last;
    });
    passing = mine.catch(() => undefined); // its own caller hears of it
    return mine;
  };

  let failures = 0;
  const loop = async (): Promise<void> => {
    let restMs = 0;
    while (!stopping.signal.aborted) {
      try {
        const { isContended } = await drain();
        failures = 0;
        const pollMs = options.pollMs ?? 1_000;
        restMs = isContended ? Math.min(pollMs, CONTENDED_MS) : pollMs;
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
    async flush() {
      await drain();
    },
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

/** Another relay is sending: what it had not seen yet is looked for soon, since nobody rings for it. */
const CONTENDED_MS = 20;

interface Pass {
  /** Rows. */
  readonly sent: number;
  readonly isContended: boolean;
}
