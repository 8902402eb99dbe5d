import { randomUUID } from 'node:crypto';
import type { Kafka } from 'kafkajs';
import type { GroupLag, IncomingRecord } from '../event-bus.ts';
import { GroupSession } from './group-session.ts';
import type { KafkaTopics } from './kafka-topics.ts';

export interface ReadContext {
  readonly client: () => Kafka;
  readonly topics: KafkaTopics;
  readonly timeoutMs: number;
}

interface Reading {
  readonly topics: readonly string[];
  readonly from: 'beginning' | 'end';
  readonly take: (records: readonly IncomingRecord[]) => void;
  /** Told that reading has begun. */
  readonly joined?: () => void;
}

/** Reads as a group of one that exists for this alone, commits nothing and is deleted afterwards. */
async function reading(context: ReadContext, { take, joined, ...what }: Reading, until: Promise<void>): Promise<void> {
  const group = `parkwise-reader-${randomUUID()}`;
  const session = new GroupSession(context.client(), {
    ...what,
    group,
    leaseMs: 10_000,
    timeoutMs: context.timeoutMs,
    assigned: () => joined?.(),
    unassigned: () => undefined,
    take: async (records) => take(records),
  });
  try {
    await Promise.race([session.run(), until]);
  } finally {
    await session.stop();
    // A group without members is forgotten by the broker after days, if not now.
    await context.topics.withAdmin((admin) => admin.deleteGroups([group])).catch(() => undefined); // as said above
  }
}

/** The offset behind the last record, by partition. */
async function endsOf({ topics }: ReadContext, topic: string): Promise<Map<number, { low: number; high: number }>> {
  const offsets = await topics.withAdmin((admin) => admin.fetchTopicOffsets(topic));
  return new Map(offsets.map(({ partition, low, high }) => [partition, { low: Number(low), high: Number(high) }]));
}

/** The records that a topic has now. */
export async function readTopic(context: ReadContext, topic: string, limit: number): Promise<IncomingRecord[]> {
  await context.topics.mustExist([topic]);
  const ends = await endsOf(context, topic);
  const found: IncomingRecord[] = [];
  const missing = new Map([...ends].filter(([, { low, high }]) => high > low));
  if (missing.size === 0) return found;
  const done = Promise.withResolvers<void>();
  const take = (records: readonly IncomingRecord[]): void => {
    for (const record of records) {
      const end = ends.get(record.partition)?.high ?? 0;
      if (record.offset < end) found.push(record);
      if (record.offset >= end - 1) missing.delete(record.partition);
    }
    if (missing.size === 0) done.resolve();
  };
  await reading(context, { topics: [topic], from: 'beginning', take }, done.promise);
  return found.toSorted((a, b) => a.timestamp.getTime() - b.timestamp.getTime() || a.offset - b.offset).slice(0, limit);
}

/** What topics have and get, until the signal is aborted. */
export async function* tailTopics(
  context: ReadContext,
  wanted: { readonly topics: readonly string[]; readonly from: 'beginning' | 'end' },
  signal: AbortSignal,
): AsyncGenerator<IncomingRecord, void, undefined> {
  await context.topics.mustExist(wanted.topics);
  if (wanted.topics.length === 0) return;
  const waiting: IncomingRecord[] = [];
  const stop = Promise.withResolvers<void>();
  const end = (): void => stop.resolve();
  signal.addEventListener('abort', end);
  if (signal.aborted) end();
  let failure: unknown;
  let ring = Promise.withResolvers<void>();
  const take = (records: readonly IncomingRecord[]): void => {
    waiting.push(...records);
    ring.resolve();
  };
  const running = reading(context, { ...wanted, take }, stop.promise)
    .catch((error: unknown) => {
      failure = error;
    })
    .finally(() => ring.resolve());
  let ended = false;
  void running.then(() => {
    ended = true;
  });
  try {
    while (!signal.aborted) {
      for (let record = waiting.shift(); record; record = waiting.shift()) yield record;
      if (ended) break;
      ring = Promise.withResolvers();
      void stop.promise.then(ring.resolve);
      if (waiting.length === 0) await ring.promise;
    }
    if (failure instanceof Error) throw failure;
  } finally {
    end();
    signal.removeEventListener('abort', end);
    await running;
  }
}

/** Where a group stands in each partition that has records. */
export function readLag({ topics }: ReadContext, group: string): Promise<readonly GroupLag[]> {
  return topics.withAdmin(async (admin) => {
    const committed = await admin.fetchOffsets({ groupId: group });
    const lags = await Promise.all(
      committed.map(async ({ topic, partitions }) => {
        const ends = await admin.fetchTopicOffsets(topic);
        return ends.map(({ partition, low, high }) => {
          const offset = Number(partitions.find((one) => one.partition === partition)?.offset ?? -1);
          return { topic, partition, committed: offset < 0 ? Number(low) : offset, end: Number(high) };
        });
      }),
    );
    return lags.flat().filter(({ end }) => end > 0);
  });
}
