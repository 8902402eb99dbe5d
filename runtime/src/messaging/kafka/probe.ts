import { randomBytes } from 'node:crypto';
import kafkajs, { type Admin, type ITopicConfig } from 'kafkajs';
import type { TopicDescription } from '../event-bus.ts';
import { readBrokerClock, type BrokerClock } from './broker-clock.ts';
import { describeAll } from './kafka-topics.ts';
import { parseKafkaUrl } from './kafka-url.ts';

export interface KafkaProbe {
  readonly brokers: number;
  /** Of the protocol that the brokers speak among themselves (`3.9-IV0`); undefined where they do not tell. */
  readonly version: string | undefined;
  /** Topics by the names asked for; those that do not exist are left out. */
  readonly topics: readonly TopicDescription[];
  /** What services do and this account must not. */
  readonly missingRights: readonly string[];
  /** The broker's clock beside ours, or why it cannot be known. */
  readonly clock: BrokerClock | { readonly unknown: string };
}

/**
 * Asks a cluster about itself and the topics named. Whether topics may be created is asked for as a dry run; if so, one is made for the
 * broker's clock, and deleted again.
 *
 * @throws Error of kafkajs when no broker can be reached or the account is refused; it never names the password
 */
export const probeKafka = async (
  url: string,
  { topics = [] as readonly string[], timeoutMs = 5_000 } = {},
): Promise<KafkaProbe> => {
  const { brokers, tls, sasl } = parseKafkaUrl(url);
  const kafka = new kafkajs.Kafka({
    clientId: 'parkwise-doctor',
    brokers: [...brokers],
    connectionTimeout: timeoutMs,
    requestTimeout: timeoutMs,
    retry: { retries: 1, initialRetryTime: 100 },
    logLevel: kafkajs.logLevel.NOTHING,
    ...(tls && { ssl: { ...tls } }),
    ...(sasl && { sasl: sasl as never }),
  });
  const admin = kafka.admin();
  try {
    await admin.connect();
    const cluster = await admin.describeCluster();
    const existing = new Set(await admin.listTopics());
    const wanted = topics.filter((name) => existing.has(name));
    const missing = await missingRights(admin);
    return {
      brokers: cluster.brokers.length,
      version: await versionOf(admin, String(cluster.brokers[0]?.nodeId ?? '')),
      topics: await describeAll(admin, wanted),
      missingRights: missing,
      clock:
        missing.length > 0
          ? { unknown: 'that takes a topic, which the account may not create' }
          : await clock(kafka, admin, timeoutMs),
    };
  } finally {
    void admin.disconnect().catch(() => undefined); // it is not used again
  }
};

const clock = async (kafka: kafkajs.Kafka, admin: Admin, timeoutMs: number): Promise<KafkaProbe['clock']> => {
  try {
    return await readBrokerClock(kafka, admin, timeoutMs);
  } catch (error) {
    return { unknown: error instanceof Error ? error.message : String(error) };
  }
};

const versionOf = async (admin: Admin, broker: string): Promise<string | undefined> => {
  const resource = { type: kafkajs.ConfigResourceTypes.BROKER, name: broker };
  const [found] = await valuesOf(admin, [resource], ['inter.broker.protocol.version']);
  return found?.[1].get('inter.broker.protocol.version') || undefined;
};

const valuesOf = async (
  admin: Admin,
  resources: readonly { readonly type: number; readonly name: string }[],
  configNames: readonly string[],
): Promise<readonly (readonly [name: string, values: ReadonlyMap<string, string>])[]> => {
  try {
    const { resources: found } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: resources.map((resource) => ({ ...resource, configNames: [...configNames] })),
    });
    return found.map(({ resourceName, configEntries }) => [
      resourceName,
      new Map(configEntries.map(({ configName, configValue }) => [configName, configValue])),
    ]);
  } catch (error) {
    // An account may use a cluster without being allowed to see how it is set up.
    if (/authoriz/i.test(String(error))) return [];
    throw error;
  }
};

const missingRights = async (admin: Admin): Promise<readonly string[]> => {
  const topic: ITopicConfig = { topic: `parkwise.probe.${randomBytes(6).toString('hex')}`, numPartitions: 1 };
  try {
    await admin.createTopics({
      validateOnly: true,
      waitForLeaders: false,
      topics: [{ ...topic, replicationFactor: -1 }],
    });
    return [];
  } catch (error) {
    const [cause] = (error as { readonly errors?: readonly Error[] }).errors ?? [error as Error];
    return [`create topics: ${cause?.message ?? String(error)}`];
  }
};
