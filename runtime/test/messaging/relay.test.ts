import t from 'tap';
import { openDatabase } from '../../src/persistence/open-database.ts';
import { createPublish } from '../../src/messaging/publish.ts';
import { startRelay } from '../../src/messaging/relay.ts';
import type { EventBus, OutgoingRecord } from '../../src/messaging/event-bus.ts';
import { stockLow } from './support/order-messages.ts';
import { until } from './support/until.ts';

/** Records what is sent; fails as often as told. */
function recordingBus(failures = 0) {
  const sent: OutgoingRecord[] = [];
  const batches: number[] = [];
  let left = failures;
  const bus: EventBus = {
    createTopics: async () => undefined,
    async send(records) {
      await new Promise((resolve) => setImmediate(resolve));
      if (left > 0) {
        left -= 1;
        throw new Error('the broker is away');
      }
      batches.push(records.length);
      sent.push(...records);
    },
    subscribe: () => Promise.reject(new Error('not offered')),
    close: async () => undefined,
  };
  return { bus, sent, batches };
}

async function outboxOf(url = 'sqlite::memory:') {
  const database = await openDatabase(url);
  await database.migrate([]);
  const publish = createPublish([stockLow], { source: 'sales' });
  const write = (key: string, ...values: readonly number[]) =>
    database.transaction(async (tx) => {
      for (const value of values) await publish['stockLow']!(tx, value, { key });
    });
  const unsent = async () =>
    Number((await database.knex('parkwise_outbox').whereNull('published_at').count({ n: '*' }))[0]?.['n']);
  return { database, write, unsent };
}

const valuesOf = (sent: readonly OutgoingRecord[], key: string): number[] =>
  sent.filter((one) => one.key === key).map((one) => Number(one.value));

t.test('a commit wakes the relay; nobody polls', async (t) => {
  const { database, write, unsent } = await outboxOf();
  const { bus, sent } = recordingBus();
  const relay = startRelay({ database, bus, pollMs: 600_000 });
  await relay.flush();
  await write('bolt', 1);
  await until('sent', () => sent.length === 1);
  await until('marked', async () => (await unsent()) === 0);
  await relay.stop();
  await database.close();
  t.match(sent, [{ topic: 'shop.stock.events', key: 'bolt', value: '1' }]);
});

t.test('it never gives up, and keeps the order of each key', async (t) => {
  const { database, write } = await outboxOf();
  const { bus, sent } = recordingBus(7);
  const outcomes: number[] = [];
  const relay = startRelay({ database, bus, pollMs: 5, backoff: { baseMs: 1, maxMs: 2 } });
  for (let n = 0; n < 10; n += 1) {
    await write('a', n);
    await write('b', n);
    outcomes.push(n);
  }
  await until('all', () => sent.length >= 20);
  t.same(valuesOf(sent, 'a'), outcomes);
  t.same(valuesOf(sent, 'b'), outcomes);
  await relay.stop();
  await database.close();
});

t.test('what was written while it was away is sent in batches', async (t) => {
  const { database, write } = await outboxOf();
  await write('a', ...Array.from({ length: 12 }, (_, n) => n));
  const { bus, sent, batches } = recordingBus();
  const relay = startRelay({ database, bus, batch: 5 });
  await relay.flush();
  t.same(
    valuesOf(sent, 'a'),
    Array.from({ length: 12 }, (_, n) => n),
  );
  t.same(batches, [5, 5, 2]);
  await relay.stop();
  await database.close();
});

t.test('the last pass of a stop sends what was committed before', async (t) => {
  const { database, write, unsent } = await outboxOf();
  const { bus, sent } = recordingBus();
  const relay = startRelay({ database, bus });
  await write('a', 1);
  await relay.stop();
  t.equal(sent.length, 1);
  t.equal(await unsent(), 0);
  await database.close();
});

t.test('two relays on one database: each row is sent by one of them', async (t) => {
  const { database, write, unsent } = await outboxOf();
  const { bus, sent } = recordingBus();
  const relays = [1, 2].map(() => startRelay({ database, bus, pollMs: 5 }));
  for (let n = 0; n < 50; n += 1) await write(`k-${n % 5}`, n);
  await until('all', async () => (await unsent()) === 0);
  t.equal(sent.length, 50);
  // The first one holds the shards; when it stops, the other gets them.
  await relays[0]?.stop();
  await write('late', 1);
  await until('the other', async () => (await unsent()) === 0);
  t.equal(sent.length, 51);
  await relays[1]?.stop();
  await database.close();
});
