/** What the suites run on. Each world has names of its own, so that tests do not meet each other on a shared broker. */
import { randomUUID } from 'node:crypto';
import { closeSync, copyFileSync, openSync, statSync, writeSync } from 'node:fs';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import kafkajs from 'kafkajs';
import { openEmbeddedLog } from '../../../src/messaging/embedded-log.ts';
import type { EventLog } from '../../../src/messaging/event-bus.ts';
import { kafkaClients } from '../../../src/messaging/kafka/kafka-client.ts';
import { parseKafkaUrl } from '../../../src/messaging/kafka/kafka-url.ts';
import { openBus, type OpenBusOptions } from '../../../src/messaging/open-bus.ts';
import * as backends from '../../backends.ts';
import { until } from './until.ts';

export interface World {
  /** For a process of its own; a transport in memory has none. */
  readonly url: string;
  readonly namespace: string;
  /** A name with the namespace before it. */
  name(topicOrGroup: string): string;
  /** Connects once more, as another process would. */
  open(options?: OpenBusOptions): Promise<EventLog>;
  /** Breaks the transport for a process that is the group's only member, so that it can never receive again. @returns how to mend it. */
  breakForGood(group: string, pid: number): Promise<() => Promise<void>>;
  remove(): Promise<void>;
}

export interface Transport {
  readonly name: string;
  /** Why its tests are skipped. */
  readonly skip: false | string;
  /** The shortest lease that it takes. */
  readonly shortLeaseMs: number;
  readonly prepare: () => Promise<World>;
  /** A database for the service that handles; in memory by default. */
  readonly database?: () => Promise<{ readonly url: string; remove(): Promise<void> }>;
}

export const embeddedLog: Transport = {
  name: 'embedded log',
  skip: false,
  shortLeaseMs: 300,
  async prepare() {
    const directory = await mkdtemp(join(tmpdir(), 'log-'));
    const file = join(directory, 'log.sqlite');
    const url = `sqlite:${file}`;
    return {
      url,
      namespace: 'test',
      name: (name) => `test.${name}`,
      open: (options) => openBus(url, options),
      breakForGood: async () => damage(file),
      remove: () => rm(directory, { recursive: true, force: true }),
    };
  },
};

export const embeddedLogInMemory: Transport = {
  ...embeddedLog,
  name: 'embedded log in memory',
  async prepare() {
    // One log is all that there is: who opens it again gets the same one.
    const log = await openEmbeddedLog('sqlite::memory:');
    return {
      url: '',
      namespace: 'test',
      name: (name) => `test.${name}`,
      open: async () => ({ ...log, close: async () => undefined }),
      breakForGood: () => Promise.reject(new Error('nothing to break')),
      remove: () => log.close(),
    };
  },
};

/** What the broker allows: those of `npm run backends` less than others. */
async function shortestLease(): Promise<number> {
  if (backends.kafka.skip) return 6_000;
  const admin = kafkaClients(parseKafkaUrl(backends.kafka.url), { clientId: 'test', timeoutMs: 10_000 })().admin();
  const setting = 'group.min.session.timeout.ms';
  try {
    await admin.connect();
    const { brokers } = await admin.describeCluster();
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [
        { type: kafkajs.ConfigResourceTypes.BROKER, name: String(brokers[0]?.nodeId), configNames: [setting] },
      ],
    });
    return Math.max(2_000, Number(resources[0]?.configEntries[0]?.configValue ?? 6_000));
  } finally {
    await admin.disconnect();
  }
}

export const kafka: Transport = {
  name: 'kafka',
  skip: backends.kafka.skip,
  shortLeaseMs: await shortestLease(),
  prepare: () => kafkaWorld(backends.kafka.url),
};

/** A world on the broker at `url`. */
export async function kafkaWorld(url: string): Promise<World> {
  const namespace = `t${randomUUID().slice(0, 8)}`;
  const name = (wanted: string): string => `${namespace}.${wanted}`;
  const client = kafkaClients(parseKafkaUrl(url), { clientId: 'test', timeoutMs: 10_000 });
  return {
    url,
    namespace,
    name,
    open: (options) => openBus(url, options),
    breakForGood: (group, pid) => occupy(client(), group, pid),
    async remove() {
      const admin = client().admin();
      await admin.connect();
      const topics = (await admin.listTopics()).filter((topic) => topic.startsWith(`${namespace}.`));
      if (topics.length > 0) await admin.deleteTopics({ topics });
      await admin.disconnect();
    },
  };
}

/** While the process hangs, a program that shares out partitions in a way of its own takes its group: it is not let in again. */
async function occupy(client: kafkajs.Kafka, group: string, pid: number): Promise<() => Promise<void>> {
  const consumer = client.consumer({ groupId: group, partitionAssigners: [foreignAssigner] });
  const admin = client.admin();
  await admin.connect();
  const state = async () => (await admin.describeGroups([group])).groups[0]?.state;
  await until('it to join', async () => (await state()) === 'Stable');
  process.kill(pid, 'SIGSTOP');
  await until('its lease to end', async () => (await state()) === 'Empty');
  await admin.disconnect();
  await consumer.connect();
  await consumer.subscribe({ topics: [], fromBeginning: false });
  const joined = new Promise((resolve) => consumer.on('consumer.group_join', resolve));
  await consumer.run({ eachMessage: async () => undefined });
  await joined;
  process.kill(pid, 'SIGCONT');
  return () => consumer.disconnect();
}

const foreignAssigner: kafkajs.PartitionAssigner = () => ({
  name: 'foreign',
  version: 1,
  assign: async ({ members }) =>
    members.map(({ memberId }) => ({
      memberId,
      memberAssignment: kafkajs.AssignerProtocol.MemberAssignment.encode({
        version: 1,
        assignment: {},
        userData: Buffer.alloc(0),
      }),
    })),
  protocol: ({ topics }) => ({
    name: 'foreign',
    metadata: kafkajs.AssignerProtocol.MemberMetadata.encode({ version: 1, topics, userData: Buffer.alloc(0) }),
  }),
});

/** Overwrites the file of the log, as a failing disk does. */
function damage(file: string): () => Promise<void> {
  const database = new DatabaseSync(file);
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  copyFileSync(file, `${file}.saved`);
  // A change, or nobody would look into the file again.
  database.exec('UPDATE groups SET generation = generation + 1');
  const fd = openSync(file, 'r+');
  const { size } = statSync(file);
  writeSync(fd, Buffer.alloc(size, 0x5a), 0, size, 0);
  closeSync(fd);
  return async () => {
    database.close();
    for (const suffix of ['-wal', '-shm']) await rm(file + suffix, { force: true });
    await copyFile(`${file}.saved`, file);
  };
}
