/** What the suites run on. Each world has names of its own, so that tests do not meet each other on a shared broker. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import kafkajs from 'kafkajs';
import { openEmbeddedLog } from '../../../src/messaging/embedded-log.ts';
import type { EventLog } from '../../../src/messaging/event-bus.ts';
import { kafkaClients } from '../../../src/messaging/kafka/kafka-client.ts';
import { parseKafkaUrl } from '../../../src/messaging/kafka/kafka-url.ts';
import { openBus, type OpenBusOptions } from '../../../src/messaging/open-bus.ts';
import * as backends from '../../backends.ts';

export interface World {
  /** For a process of its own; a transport in memory has none. */
  readonly url: string;
  readonly namespace: string;
  /** A name with the namespace before it. */
  name(topicOrGroup: string): string;
  /** Connects once more, as another process would. */
  open(options?: OpenBusOptions): Promise<EventLog>;
  /** Breaks the transport for a group, so that its members can never receive again. @returns how to mend it. */
  breakForGood(group: string): Promise<() => Promise<void>>;
  remove(): Promise<void>;
}

export interface Transport {
  readonly name: string;
  /** Why its tests are skipped. */
  readonly skip: false | string;
  /** The shortest lease that it takes. */
  readonly shortLeaseMs: number;
  readonly prepare: () => Promise<World>;
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

export const kafka: Transport = {
  name: 'kafka',
  skip: backends.kafka.skip,
  shortLeaseMs: 6_000,
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
    breakForGood: (group) => occupy(client().consumer({ groupId: group, partitionAssigners: [foreignAssigner] })),
    async remove() {
      const admin = client().admin();
      await admin.connect();
      const topics = (await admin.listTopics()).filter((topic) => topic.startsWith(`${namespace}.`));
      if (topics.length > 0) await admin.deleteTopics({ topics });
      await admin.disconnect();
    },
  };
}

/** A program that shares out partitions in a way of its own has taken the group: nobody else is let in. */
async function occupy(consumer: ReturnType<kafkajs.Kafka['consumer']>): Promise<() => Promise<void>> {
  await consumer.connect();
  await consumer.subscribe({ topics: [], fromBeginning: false });
  const joined = new Promise((resolve) => consumer.on('consumer.group_join', resolve));
  await consumer.run({ eachMessage: async () => undefined });
  await joined;
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
async function damage(file: string): Promise<() => Promise<void>> {
  const { copyFile } = await import('node:fs/promises');
  const { openSync, writeSync, closeSync, statSync } = await import('node:fs');
  const { DatabaseSync } = await import('node:sqlite');
  const database = new DatabaseSync(file);
  // All that is in the log of changes goes to the file, so that the file is all there is.
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  database.close();
  await copyFile(file, `${file}.saved`);
  const { size } = statSync(file);
  const fd = openSync(file, 'r+');
  writeSync(fd, Buffer.alloc(size, 0x5a), 0, size, 0);
  closeSync(fd);
  return async () => {
    await copyFile(`${file}.saved`, file);
    for (const suffix of ['-wal', '-shm']) await rm(file + suffix, { force: true });
  };
}
