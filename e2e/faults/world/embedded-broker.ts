import { openEventLog } from '@parkwise/runtime/platform';
import type { Broker } from './broker.ts';

const EVERYTHING = 10_000_000;

export const openEmbeddedBroker = async (url: string): Promise<Broker> => {
  const log = await openEventLog(url);
  return {
    createTopic: (name, partitions) => log.createTopics([{ name, partitions }]),
    send: (records) => log.send(records),
    async read(topic) {
      if (!(await log.topics()).includes(topic)) return [];
      const records = await log.read(topic, EVERYTHING);
      return records.toSorted((a, b) => a.partition - b.partition || a.offset - b.offset);
    },
    async waiting(group, topics) {
      const lags = await log.lag(group);
      // A group that has never been there has everything before it.
      if (lags.length === 0) return Number.POSITIVE_INFINITY;
      return lags
        .filter(({ topic }) => topics.includes(topic))
        .reduce((sum, { committed, end }) => sum + end - committed, 0);
    },
    // The file goes with the run.
    clear: async () => undefined,
    close: () => log.close(),
  };
};
