import { randomBytes } from 'node:crypto';
import kafkajs, { type Admin, type ITopicConfig } from 'kafkajs';
import { parseKafkaUrl } from './kafka-url.ts';

/** A topic as the brokers have it. Settings that the account must not see are left out. */
export interface KafkaTopicProbe {
  readonly name: string;
  readonly partitions: number;
  readonly retentionMs?: number;
  readonly compact?: boolean;
}

export interface KafkaProbe {
  readonly brokers: number;
  /** Of the protocol that the brokers speak among themselves (`3.9-IV0`); undefined where they do not tell. */
  readonly version: string | undefined;
  /** Topics by the names asked for; those that do not exist are left out. */
  readonly topics: readonly KafkaTopicProbe[];
  /** What services do and this account must not. */
  readonly missingRights: readonly string[];
}

/**
 * Asks a cluster about itself and the topics named. Changes nothing: whether topics may be created is asked for as a dry run.
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
    return {
      brokers: cluster.brokers.length,
      version: await versionOf(admin, String(cluster.brokers[0]?.nodeId ?? '')),
      topics: wanted.length === 0 ? [] : await describe(admin, wanted),
      missingRights: await missingRights(admin),
    };
  } finally {
    void admin.disconnect().catch(() => undefined); // it is not used again
  }
};

const describe = async (admin: Admin, names: readonly string[]): Promise<readonly KafkaTopicProbe[]> => {
  const { topics } = await admin.fetchTopicMetadata({ topics: [...names] });
  const settings = new Map(
    await valuesOf(
      admin,
      names.map((name) => ({ type: kafkajs.ConfigResourceTypes.TOPIC, name })),
      ['retention.ms', 'cleanup.policy'],
    ),
  );
  return topics.map(({ name, partitions }) => {
    const values = settings.get(name);
    const policy = values?.get('cleanup.policy');
    const retention = values?.get('retention.ms');
    return {
      name,
      partitions: partitions.length,
      ...(retention !== undefined && { retentionMs: Number(retention) }),
      ...(policy !== undefined && { compact: policy.split(',').includes('compact') }),
    };
  });
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
    // An account may use topics without being allowed to see how they are set: then only partitions are known.
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
