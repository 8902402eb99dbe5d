import type { Knex } from 'knex';
import type { Clock, Job } from '../process/service-definition.ts';
import type { Database } from './database.ts';
import { idempotencyKeys, inbox, outbox } from './runtime-tables.ts';
import type { Tx } from './tx.ts';

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;

export interface HousekeepingOptions {
  readonly database: Database;
  readonly clock: Clock;
  /** Ends a purge between two of its steps. */
  readonly signal?: AbortSignal;
  /** 10 minutes. */
  readonly everyMs?: number;
  /** Answers by idempotency key: 48 hours. Longer than the unit of work honours them, so that a key is never half gone. */
  readonly keepKeysMs?: number;
  /** Ids of handled messages: 30 days. Must be longer than topics and dead letters keep the messages. */
  readonly keepInboxMs?: number;
  /** Rows of the outbox that have been sent: 1 hour. */
  readonly keepSentMs?: number;
}

/** The job's name. */
export const HOUSEKEEPING = 'parkwise:housekeeping';

/** Rows deleted in one transaction: few, so that nobody waits long behind it. */
const STEP = 500;

/** Deletes what the runtime's tables no longer need. @returns how many rows. */
export async function purgeRuntimeTables(options: HousekeepingOptions): Promise<number> {
  const { database, clock, signal, keepKeysMs = 2 * DAY_MS, keepInboxMs = 30 * DAY_MS, keepSentMs = HOUR_MS } = options;
  const before = (ms: number): Date => new Date(clock.now().getTime() - ms);
  const keys = await inSteps({ database, signal }, (tx) =>
    deleteOldest(tx, idempotencyKeys.name, ['id'], [idempotencyKeys.columns.createdAt, before(keepKeysMs)]),
  );
  const handled = await inSteps({ database, signal }, (tx) =>
    deleteOldest(
      tx,
      inbox.name,
      [inbox.columns.consumer, inbox.columns.eventId],
      [inbox.columns.handledAt, before(keepInboxMs)],
    ),
  );
  const sent = await inSteps({ database, signal }, (tx) =>
    deleteOldest(tx, outbox.name, ['id'], [outbox.columns.publishedAt, before(keepSentMs)]),
  );
  return keys + handled + sent;
}

/** Purges now and then. Its name cannot be that of a job of the service by chance. */
export function housekeepingJob(options: HousekeepingOptions): Job {
  return {
    name: HOUSEKEEPING,
    everyMs: options.everyMs ?? 10 * 60 * 1000,
    async run(signal) {
      await purgeRuntimeTables({ ...options, signal });
    },
  };
}

async function inSteps(
  { database, signal }: { readonly database: Database; readonly signal: AbortSignal | undefined },
  step: (tx: Tx) => Promise<number>,
): Promise<number> {
  let total = 0;
  for (;;) {
    const gone = await database.transaction(step);
    total += gone;
    if (gone < STEP || signal?.aborted === true) return total;
  }
}

async function deleteOldest(
  { knex }: Tx,
  table: string,
  key: readonly string[],
  [column, before]: readonly [string, Date],
): Promise<number> {
  const rows: Record<string, Knex.Value>[] = await knex(table)
    .select(key as string[])
    .where(column, '<', before)
    .limit(STEP);
  if (rows.length === 0) return 0;
  const values = rows.map((row) => key.map((name) => row[name] ?? null));
  return knex(table)
    .whereIn(key as string[], values as Knex.Value[][])
    .delete();
}
