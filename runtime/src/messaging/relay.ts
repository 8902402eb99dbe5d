import type { Knex } from 'knex';
import type { Clock, Log } from '../process/service-definition.ts';
import { backoffMs } from '../persistence/backoff.ts';
import type { Database } from '../persistence/database.ts';
import { internalsOf, type Claim } from '../persistence/database-dialect.ts';
import { outbox, outboxShards, OUTBOX_SHARDS, UNPUBLISHED_INDEX } from '../persistence/runtime-tables.ts';
import type { EventBus } from './event-bus.ts';
import { noMessagingMetrics, type MessagingMetrics } from './messaging-metrics.ts';
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
  const pass = (): Promise<Pass> => claims.run((claim) => sendBatch(options, claim, clock), findWanted);
  const batch = options.batch ?? 500;
  const findWanted = (): Promise<readonly number[]> => waitingShards(database, batch);
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

  const loop = async (): Promise<void> => {
    let failures = 0;
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
        await drain();
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

/** By the index: left to choose, MariaDB may read all that has been sent before it comes to what has not. */
function unsent({ knex }: Database, query: Knex.QueryBuilder): Knex.QueryBuilder {
  const table = internalsOf(knex).dialect.readByIndex(knex, outbox.name, UNPUBLISHED_INDEX);
  void query.from(table as never);
  return query.whereNull(outbox.columns.publishedAt);
}

/** Shards of the rows that are next. */
async function waitingShards(database: Database, limit: number): Promise<readonly number[]> {
  const { shard, id } = outbox.columns;
  const query = unsent(database, outbox.query(database));
  const rows: { readonly shard: number }[] = await query.select({ shard }).orderBy(id).limit(limit);
  return [...new Set(rows.map((row) => row.shard))];
}

async function sendBatch(options: RelayOptions, { shards, isContended, write }: Claim, clock: Clock): Promise<Pass> {
  const { database, bus, metrics = noMessagingMetrics, batch = 500 } = options;
  if (shards.length === 0) return { sent: 0, isContended };
  const rows = await outbox.find(
    database,
    (query) => {
      void unsent(database, query);
      if (shards.length < OUTBOX_SHARDS) void query.whereIn(outbox.columns.shard, shards as number[]);
    },
    { orderBy: 'id', limit: batch },
  );
  const oldest = rows[0];
  metrics.outboxLag(oldest ? Math.max(0, clock.now().getTime() - oldest.createdAt.getTime()) / 1000 : 0);
  if (rows.length === 0) return { sent: 0, isContended };
  await bus.send(
    rows.map((row) => ({ topic: row.topic, key: row.aggregateId, headers: row.headers, value: row.payload })),
  );
  const now = clock.now();
  await write(async (knex) => {
    await knex(outbox.name)
      .whereIn(
        outbox.columns.id,
        rows.map((row) => row.id),
      )
      .update({ [outbox.columns.publishedAt]: now });
  });
  for (const row of rows) metrics.relayed(row.topic, (now.getTime() - row.createdAt.getTime()) / 1000);
  return { sent: rows.length, isContended };
}
