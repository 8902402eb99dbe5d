import type { Tracing } from '../observability/tracing.ts';
import type { Clock, Log } from '../process/service-definition.ts';
import type { Database } from '../persistence/database.ts';
import type { Claim } from '../persistence/database-dialect.ts';
import { outbox, OUTBOX_SHARDS, refusedMessages } from '../persistence/runtime-tables.ts';
import type { RowOf } from '../persistence/table.ts';
import type { AbsentTopics } from './absent-topics.ts';
import { RecordRefusedError, TopicMissingError, type EventBus } from './event-bus.ts';
import { sendSpans } from './message-spans.ts';
import type { idCursor } from './sabotage-relay.ts';
import { unsent } from './unsent-rows.ts';
import { noMessagingMetrics, type MessagingMetrics } from './messaging-metrics.ts';

export interface BatchOptions {
  readonly database: Database;
  readonly bus: EventBus;
  readonly clock: Clock;
  readonly log?: Log;
  readonly metrics?: MessagingMetrics;
  readonly tracing?: Tracing;
  /** Rows sent at once. */
  readonly batch: number;
  /** Whose rows wait. */
  readonly absent?: AbsentTopics;
  /** Of a relay that is sabotaged. */
  readonly cursor?: ReturnType<typeof idCursor> | undefined;
}

type OutboxRow = RowOf<typeof outbox>;

const OLDEST = { orderBy: 'id', limit: 1 } as const;

/** Sends the oldest rows of the shards held, and marks them. @returns how many; as many as `batch` means there may be more. */
export async function sendBatch(options: BatchOptions, { shards, write }: Claim): Promise<number> {
  const { database, bus, clock, metrics = noMessagingMetrics, batch } = options;
  const waitsSince = (oldest: OutboxRow | undefined): void =>
    metrics.outboxLag(oldest ? Math.max(0, clock.now().getTime() - oldest.createdAt.getTime()) / 1000 : 0);
  const oldestOfAll = async () => (await outbox.find(database, (query) => void unsent(database, query), OLDEST))[0];
  if (shards.length === 0) {
    waitsSince(await oldestOfAll());
    return 0;
  }
  const waiting = options.absent?.names ?? [];
  const rows = await outbox.find(
    database,
    (query) => {
      void unsent(database, query, waiting);
      if (shards.length < OUTBOX_SHARDS) void query.whereIn(outbox.columns.shard, shards as number[]);
      options.cursor?.narrow(query);
    },
    { orderBy: 'id', limit: batch },
  );
  waitsSince(waiting.length === 0 ? rows[0] : await oldestOfAll());
  if (rows.length === 0) return 0;
  const startedAt = performance.now();
  let refusal: RecordRefusedError | undefined;
  try {
    await bus.send(
      rows.map((row) => ({ topic: row.topic, key: row.aggregateId, headers: row.headers, value: row.payload })),
    );
  } catch (error) {
    if (error instanceof TopicMissingError && options.absent) {
      options.absent.add(error.topics);
      options.log?.warn({ err: error }, 'a topic is not there: its messages wait, others go on');
      return batch;
    }
    if (!(error instanceof RecordRefusedError)) throw error;
    refusal = error;
  }
  const sent = refusal ? rows.slice(0, refusal.index) : rows;
  if (options.tracing) sendSpans(options.tracing, sent, startedAt);
  options.cursor?.passed(sent);
  const now = clock.now();
  await write(async (knex) => {
    await knex(outbox.name)
      .whereIn(
        outbox.columns.id,
        sent.map((row) => row.id),
      )
      .update({ [outbox.columns.publishedAt]: now });
    const refused = refusal && rows[refusal.index];
    if (!refused) return;
    // It would be in the way of all that comes after it, for ever. Where it is kept, somebody can put it back.
    await knex(refusedMessages.name).insert(
      refusedMessages.encode(database, setAside(refused, now, refusal?.message ?? '')),
    );
    await knex(outbox.name)
      .where({ [outbox.columns.id]: refused.id })
      .delete();
  });
  for (const row of sent) metrics.relayed(row.topic, (now.getTime() - row.createdAt.getTime()) / 1000);
  if (!refusal) return sent.length;
  const { topic, eventId } = rows[refusal.index] ?? {};
  options.log?.error(
    { err: refusal, topic, eventId },
    'a message can never be sent: it was put aside, later ones go on',
  );
  return batch;
}

const setAside = (row: OutboxRow, now: Date, reason: string) => ({
  eventId: row.eventId,
  topic: row.topic,
  aggregateId: row.aggregateId,
  aggregateVersion: row.aggregateVersion,
  headers: row.headers,
  payload: row.payload,
  createdAt: row.createdAt,
  refusedAt: now,
  reason,
});
