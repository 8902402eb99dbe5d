/** Somebody deletes a topic while a service sends to it and to another one. */
import t from 'tap';
import { createPublish } from '../../src/messaging/publish.ts';
import { startRelay } from '../../src/messaging/relay.ts';
import { noMessagingMetrics } from '../../src/messaging/messaging-metrics.ts';
import { openDatabase } from '../../src/persistence/open-database.ts';
import { kafkaClients } from '../../src/messaging/kafka/kafka-client.ts';
import { parseKafkaUrl } from '../../src/messaging/kafka/kafka-url.ts';
import { stockLow } from './support/order-messages.ts';
import { kafka } from './support/transports.ts';
import { until } from './support/until.ts';

t.test('other topics go on; its own messages wait in their order', { skip: kafka.skip, timeout: 90_000 }, async (t) => {
  const world = await kafka.prepare();
  const bus = await world.open({ timeoutMs: 5_000 });
  const admin = kafkaClients(parseKafkaUrl(world.url), { clientId: 'test', timeoutMs: 5_000 })().admin();
  await admin.connect();
  const [gone, other] = [world.name('gone'), world.name('other')];
  const wanted = { name: gone, partitions: 2 };
  await bus.createTopics([wanted, { name: other, partitions: 2 }]);
  const database = await openDatabase('sqlite::memory:');
  await database.migrate([]);
  const message = (name: string) => ({ ...stockLow, name, topic: name });
  const publish = createPublish([message('gone'), message('other')], { source: 'sales', namespace: world.namespace });
  const write = (name: 'gone' | 'other', values: readonly number[]) =>
    database.transaction(async (tx) => {
      for (const value of values) await publish[name]?.(tx, value, { key: `key-${value % 3}` });
    });
  const warnings: string[] = [];
  const lags: number[] = [];
  const relay = startRelay({
    database,
    bus,
    batch: 10,
    pollMs: 50,
    backoff: { baseMs: 20, maxMs: 200 },
    log: {
      debug: () => undefined,
      info: () => undefined,
      warn: (_fields, text) => void warnings.push(text),
      error: (_fields, text) => void warnings.push(text),
    },
    metrics: { ...noMessagingMetrics, outboxLag: (seconds) => void lags.push(seconds) },
  });
  t.teardown(async () => {
    await relay.stop();
    await bus.close();
    await admin.disconnect();
    await database.close();
    await world.remove();
  });
  /** First copies, by key: what was sent again is known by the inbox. */
  const received = async (topic: string) => {
    const values = (await bus.read(topic)).map(({ key, value }) => ({ key, value: Number(value) }));
    const keys = Map.groupBy(values, ({ key }) => key);
    return Object.fromEntries([...keys].map(([key, ofKey]) => [key, [...new Set(ofKey.map(({ value }) => value))]]));
  };
  const upTo = (count: number) =>
    Object.fromEntries(
      [0, 1, 2].map((key) => [
        `key-${key}`,
        Array.from({ length: count }, (_, value) => value).filter((value) => value % 3 === key),
      ]),
    );
  const range = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n);
  const countOf = async (topic: string) => Object.values(await received(topic)).flat().length;

  await write('gone', [0]);
  await write('other', [0]);
  await relay.flush();
  await admin.deleteTopics({ topics: [gone] });
  await until('it to be gone', async () => !(await bus.topics()).includes(gone));

  // More than a batch, so that what waits fills it.
  await write('gone', range(0, 25));
  await write('other', range(1, 30));
  await until('the others', async () => (await countOf(other)) === 30);
  t.same(await received(other), upTo(30), 'each once, in order');
  t.ok(
    warnings.some((text) => /wait/.test(text)),
    'the log says what waits',
  );
  await write('gone', range(25, 40));
  await write('other', range(30, 33));
  await until('the later ones', async () => (await countOf(other)) === 33);
  t.ok((lags.at(-1) ?? 0) > 0.1, 'the gauge tells how long the oldest one has been waiting');

  await admin.createTopics({ waitForLeaders: true, topics: [{ topic: gone, numPartitions: 2 }] });
  await until('what has waited', async () => (await countOf(gone)) === 40);
  t.same(await received(gone), upTo(40), 'in their order, once it is back');
  const [left] = await database.knex('parkwise_outbox').whereNull('published_at').count({ n: '*' });
  t.equal(Number(left?.['n']), 0);
});
