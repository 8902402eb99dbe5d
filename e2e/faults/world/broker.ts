/** What carries the messages, seen from beside the services. */
import type { IncomingRecord, OutgoingRecord } from '@parkwise/runtime/platform';

export interface Broker {
  /** Physical names. */
  createTopic(name: string, partitions: number): Promise<void>;
  /** Resolves once all are stored. */
  send(records: readonly OutgoingRecord[]): Promise<void>;
  /** Everything in a topic, partition by partition in order; nothing if there is no such topic. */
  read(topic: string): Promise<readonly IncomingRecord[]>;
  /** How many records a group has still to acknowledge, over the given topics. */
  waiting(group: string, topics: readonly string[]): Promise<number>;
  /** Deletes all topics whose names begin so, where others would see them. */
  clear(prefix: string): Promise<void>;
  close(): Promise<void>;
}

/** By the URL's scheme. */
export const openBroker = async (url: string): Promise<Broker> =>
  url.startsWith('kafka:')
    ? (await import('./kafka-broker.ts')).openKafkaBroker(url)
    : (await import('./embedded-broker.ts')).openEmbeddedBroker(url);
