/** The real servers, and places of a run's own on them. Where to find them: see `runtime/test/backends.ts`. */
import { randomBytes } from 'node:crypto';
import kafkajs from 'kafkajs';
import { createConnection } from 'mysql2/promise';
import { kafka, mariadb, redis } from '../../runtime/test/backends.ts';

export { kafka, mariadb, redis };

/** Why the external stack cannot be measured; false if it can. */
export const missing = ((): false | string => {
  const names = [mariadb, kafka].filter(({ skip }) => skip).map(({ name }) => name);
  return names.length > 0 && `start the servers with: npm run backends -- start ${names.join(' ')}`;
})();

/** Stands before everything that a run creates. */
export const newNamespace = (): string => `load${randomBytes(4).toString('hex')}`;

/** Creates a database. @returns its URL */
export const createDatabase = async (name: string): Promise<string> => {
  const connection = await createConnection(mariadb.url);
  try {
    await connection.query(`CREATE DATABASE \`${name}\` CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin`);
  } finally {
    await connection.end();
  }
  const url = new URL(mariadb.url);
  url.pathname = `/${name}`;
  return url.href;
};

/** Drops databases, accounts, topics and groups whose names begin with the namespace. */
export const clearServers = async (namespace: string): Promise<void> => {
  const connection = await createConnection(mariadb.url);
  try {
    const [rows] = await connection.query('SELECT schema_name AS name FROM information_schema.schemata');
    for (const { name } of rows as { readonly name: string }[])
      if (name.startsWith(namespace)) await connection.query(`DROP DATABASE \`${name}\``);
    const [users] = await connection.query('SELECT user AS name, host AS host FROM mysql.user');
    for (const { name, host } of users as { readonly name: string; readonly host: string }[])
      if (name.startsWith(namespace)) await connection.query('DROP USER ?@?', [name, host]);
  } finally {
    await connection.end();
  }
  const admin = kafkaClient().admin();
  await admin.connect();
  try {
    const topics = (await admin.listTopics()).filter((name) => name.startsWith(namespace));
    if (topics.length > 0) await admin.deleteTopics({ topics });
    const { groups } = await admin.listGroups();
    const mine = groups.map(({ groupId }) => groupId).filter((name) => name.startsWith(namespace));
    // A member that has just been killed keeps its group until its session ends: the broker forgets it later.
    if (mine.length > 0) await admin.deleteGroups(mine).catch(() => undefined); // as said above
  } finally {
    await admin.disconnect();
  }
};

/** A plain client, as one would write it by hand. */
export const kafkaClient = (): kafkajs.Kafka =>
  new kafkajs.Kafka({ brokers: [new URL(kafka.url).host], clientId: 'bare', logLevel: kafkajs.logLevel.NOTHING });

/** Sends with the guarantees that the relay asks for: idempotent, one request at a time. */
export const kafkaProducer = (): kafkajs.Producer =>
  kafkaClient().producer({
    idempotent: true,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
  });
