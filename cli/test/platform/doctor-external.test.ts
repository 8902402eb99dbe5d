/** The doctor before real servers: accounts that are fine, that are not, and topics that differ from their contracts. */
import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { createConnection } from 'mysql2/promise';
import kafkajs from 'kafkajs';
import t from 'tap';
import { kafka, mariadb, redis } from '../../../runtime/test/backends.ts';
import { examine } from '../../src/platform/doctor/doctor.ts';
import type { Diagnosis } from '../../src/platform/doctor/diagnosis.ts';
import { openShop } from './shop.ts';

const skip = mariadb.skip || kafka.skip || redis.skip;
/** Of this run: others use the same servers. */
const namespace = `doctor-${randomBytes(4).toString('hex')}`;

const problems = (diagnoses: readonly Diagnosis[], check: string) =>
  diagnoses.filter((diagnosis) => diagnosis.check === check && diagnosis.verdict !== 'ok');

t.test('servers and accounts are looked at as the services would use them', { skip }, async (t) => {
  await using shop = await openShop();
  const admin = await createConnection(mariadb.url);
  const cluster = new kafkajs.Kafka({ brokers: [new URL(kafka.url).host], logLevel: kafkajs.logLevel.NOTHING }).admin();
  await cluster.connect();
  const topic = `${namespace}.shop.orders.events`;
  const names = { orders: `${namespace}_orders`, stock: `${namespace}_stock` };
  t.teardown(async () => {
    for (const [service, name] of Object.entries(names)) {
      await admin.query(`drop database if exists \`${name}\``);
      await admin.query(`drop user if exists '${namespace}-${service}'@'%'`);
    }
    await admin.end();
    await cluster.deleteTopics({ topics: [topic] }).catch(() => undefined); // it may never have been made
    await cluster.disconnect();
  });
  const password = randomBytes(12).toString('hex');
  for (const [service, name] of Object.entries(names)) {
    await admin.query(`create database \`${name}\``);
    await admin.query(`create user '${namespace}-${service}'@'%' identified by '${password}'`);
  }
  await admin.query(`grant all privileges on \`${names.orders}\`.* to '${namespace}-orders'@'%'`);
  await admin.query(`grant select, insert, create on \`${names.stock}\`.* to '${namespace}-stock'@'%'`);
  await admin.query(`grant select on \`${names.orders}\`.* to '${namespace}-stock'@'%'`);
  await cluster.createTopics({ topics: [{ topic, numPartitions: 3 }], waitForLeaders: true });

  const server = new URL(mariadb.url);
  const urlOf = (service: 'orders' | 'stock', secret = password): string =>
    `mysql://${namespace}-${service}:${secret}@${server.host}/${names[service]}`;
  const env = {
    PARKWISE_NAMESPACE: namespace,
    PARKWISE_DATABASE_URL_ORDERS: urlOf('orders'),
    PARKWISE_DATABASE_URL_STOCK: urlOf('stock'),
    PARKWISE_KAFKA_URL: kafka.url,
    PARKWISE_REDIS_URL: redis.url,
  };
  const look = async (more: Record<string, string> = {}) => {
    const found = await examine({
      root: shop.root,
      portBase: shop.portBase,
      stack: 'external',
      env: { ...env, ...more },
    });
    t.notOk(JSON.stringify(found).includes(password), 'no password is told');
    return found.diagnoses;
  };

  const diagnoses = await look();
  const well = diagnoses.filter(({ verdict }) => verdict === 'ok').map(({ check, subject }) => `${check} ${subject}`);
  for (const check of ['', '-version', '-rights', '-isolation', '-clock'])
    t.ok(well.includes(`mariadb${check} orders`), check);
  t.match(problems(diagnoses, 'mariadb-rights'), [
    { subject: 'stock', verdict: 'problem', message: /ALTER: .*denied/ },
  ]);
  t.match(problems(diagnoses, 'mariadb-isolation'), [{ subject: 'stock', message: /database of orders/ }]);
  t.match(problems(diagnoses, 'kafka-topics'), [{ subject: topic, message: /partitions is 3, the contract says/ }]);
  t.match(
    diagnoses.filter(({ check }) => check === 'kafka-clock'),
    [{ verdict: 'ok', message: /its clock is \d+ ms .* ours/ }],
  );
  const left = async () => (await cluster.listTopics()).filter((name) => name.startsWith('parkwise.probe.'));
  // Somebody else may be looking at the same brokers now.
  while ((await left()).length > 0) await setTimeout(50);
  t.pass('nothing is left of looking');
  t.match(
    diagnoses.filter(({ check }) => check === 'redis' || check === 'redis-clock').map(({ verdict }) => verdict),
    ['ok', 'ok'],
  );

  const away = await look({
    PARKWISE_DATABASE_URL_ORDERS: urlOf('orders', `${password}x`),
    PARKWISE_KAFKA_URL: 'kafka://127.0.0.1:1',
    PARKWISE_REDIS_URL: `redis://:${password}@127.0.0.1:1`,
  });
  t.match(problems(away, 'mariadb'), [
    { subject: 'orders', hint: /mend user and password in PARKWISE_DATABASE_URL_ORDERS/ },
  ]);
  t.match(problems(away, 'kafka'), [{ hint: /Nothing listens there/ }]);
  t.match(problems(away, 'redis'), [{ hint: /Nothing listens there/ }]);
});
