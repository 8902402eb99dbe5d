/** Kafka by its own client, not through the runtime that is under test. */
import { randomUUID } from 'node:crypto';
import kafkajs, { type Admin, type IHeaders } from 'kafkajs';
import type { IncomingRecord } from '@parkwise/runtime/platform';
import type { Broker } from './broker.ts';

const READ_MS = 60_000;

export const openKafkaBroker = async (url: string): Promise<Broker> => {
  const { host } = new URL(url);
  const kafka = new kafkajs.Kafka({
    clientId: 'faults',
    brokers: [host],
    logLevel: kafkajs.logLevel.NOTHING,
    retry: { retries: 10, initialRetryTime: 100, maxRetryTime: 1_000 },
  });
  const admin = kafka.admin();
  const producer = kafka.producer({ allowAutoTopicCreation: false });
  await Promise.all([admin.connect(), producer.connect()]);

  return {
    async createTopic(topic, numPartitions) {
      await admin.createTopics({ topics: [{ topic, numPartitions, replicationFactor: 1 }], waitForLeaders: true });
    },
    async send(records) {
      const byTopic = Map.groupBy(records, ({ topic }) => topic);
      await producer.sendBatch({
        acks: -1,
        topicMessages: [...byTopic].map(([topic, list]) => ({
          topic,
          messages: list.map(({ key, partition, headers, value }) => ({
            key: key ?? null,
            ...(partition === undefined ? {} : { partition }),
            headers: { ...headers },
            value,
          })),
        })),
      });
    },
    async read(topic) {
      if (!(await admin.listTopics()).includes(topic)) return [];
      const ends = await endsOf(admin, topic);
      const wanted = new Map([...ends].filter(([, { low, high }]) => high > low).map(([p, { high }]) => [p, high]));
      if (wanted.size === 0) return [];
      const found: IncomingRecord[] = [];
      const groupId = `faults-${randomUUID()}`;
      const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 100 });
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const timer = setTimeout(() => reject(new Error(`${topic} cannot be read in ${READ_MS} ms`)), READ_MS);
      try {
        await consumer.connect();
        await consumer.subscribe({ topic, fromBeginning: true });
        await consumer.run({
          autoCommit: false,
          eachBatch: async ({ batch, resolveOffset, heartbeat }) => {
            for (const message of batch.messages) {
              const offset = Number(message.offset);
              found.push({
                topic,
                partition: batch.partition,
                offset,
                ...(message.key === null ? {} : { key: message.key.toString() }),
                headers: textHeaders(message.headers),
                value: message.value?.toString() ?? '',
                timestamp: new Date(Number(message.timestamp)),
              });
              resolveOffset(message.offset);
            }
            await heartbeat();
            // The last offset says it, also where transactions have left gaps.
            if (Number(batch.lastOffset()) + 1 >= (wanted.get(batch.partition) ?? 0)) wanted.delete(batch.partition);
            if (wanted.size === 0) resolve();
          },
        });
        await promise;
      } finally {
        clearTimeout(timer);
        await consumer.disconnect();
        await admin.deleteGroups([groupId]).catch(() => undefined); // the groups of a test server need not be tidy
      }
      return found.toSorted((a, b) => a.partition - b.partition || a.offset - b.offset);
    },
    async waiting(group, topics) {
      const committed = await admin.fetchOffsets({ groupId: group, topics: [...topics] });
      let waiting = 0;
      for (const { topic, partitions } of committed) {
        const ends = await endsOf(admin, topic);
        for (const [partition, { low, high }] of ends) {
          const offset = Number(partitions.find((one) => one.partition === partition)?.offset ?? -1);
          waiting += high - Math.max(low, offset);
        }
      }
      return waiting;
    },
    async clear(prefix) {
      const topics = (await admin.listTopics()).filter((name) => name.startsWith(prefix));
      if (topics.length > 0) await admin.deleteTopics({ topics });
      const { groups } = await admin.listGroups();
      const mine = groups.map(({ groupId }) => groupId).filter((name) => name.startsWith(prefix));
      if (mine.length > 0) await admin.deleteGroups(mine).catch(() => undefined); // members that were killed are still in some
    },
    async close() {
      await producer.disconnect();
      await admin.disconnect();
    },
  };
};

const endsOf = async (admin: Admin, topic: string) =>
  new Map(
    (await admin.fetchTopicOffsets(topic)).map(({ partition, low, high }) => [
      partition,
      { low: Number(low), high: Number(high) },
    ]),
  );

const textHeaders = (headers: IHeaders | undefined): Record<string, string> =>
  Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name, String(value)]));
