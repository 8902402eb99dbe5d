/** The relay on any database: nothing lost, order within each key, whoever hangs or dies. */
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import type { Database } from '../../src/persistence/database.ts';
import { createPublish } from '../../src/messaging/publish.ts';
import { noMessagingMetrics } from '../../src/messaging/messaging-metrics.ts';
import { startRelay } from '../../src/messaging/relay.ts';
import type { EventBus, OutgoingRecord } from '../../src/messaging/event-bus.ts';
import type { Opener } from '../persistence/persistence-suites.ts';
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

async function outboxOf(database: Database) {
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

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

export function relaySuite({ name, open, share }: Opener): void {
  t.test(`${name}: a commit wakes the relay; nobody polls`, async (t) => {
    const { database, write, unsent } = await outboxOf(await open());
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

  t.test(`${name}: how long the oldest has been waiting is told, also when none is`, async (t) => {
    const { database, write } = await outboxOf(await open());
    const { bus } = recordingBus();
    const lags: number[] = [];
    const metrics = { ...noMessagingMetrics, outboxLag: (seconds: number) => void lags.push(seconds) };
    const clock = { now: () => new Date(Date.now() + 60_000) };
    const relay = startRelay({ database, bus, clock, metrics, pollMs: 600_000 });
    await relay.flush();
    await write('bolt', 1);
    await until('sent', () => (lags.at(-1) ?? 0) > 50);
    await relay.flush();
    t.equal(lags.at(-1), 0);
    await relay.stop();
    await database.close();
  });

  t.test(`${name}: it never gives up, and keeps the order of each key`, async (t) => {
    const { database, write } = await outboxOf(await open());
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

  t.test(`${name}: what was written while it was away is sent in batches`, async (t) => {
    const { database, write } = await outboxOf(await open());
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

  t.test(`${name}: the last pass of a stop sends what was committed before`, async (t) => {
    const { database, write, unsent } = await outboxOf(await open());
    const { bus, sent } = recordingBus();
    const relay = startRelay({ database, bus });
    await write('a', 1);
    await relay.stop();
    t.equal(sent.length, 1);
    t.equal(await unsent(), 0);
    await database.close();
  });

  t.test(`${name}: two relays on one database: each row is sent by one of them`, async (t) => {
    const { database, write, unsent } = await outboxOf(await open());
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

  t.test(`${name}: what is committed later than what has a higher id is sent all the same`, async (t) => {
    const { database, write, unsent } = await outboxOf(await open());
    const { bus, sent } = recordingBus();
    const publish = createPublish([stockLow], { source: 'sales' });
    const written = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    const early = database.transaction(async (tx) => {
      await publish['stockLow']!(tx, 1, { key: 'early' });
      written.resolve();
      await go.promise;
    });
    await written.promise;
    const late = write('late', 2);
    // Where there is one writer, the later one waits for the earlier.
    await Promise.race([late, sleep(200)]);
    const relay = startRelay({ database, bus, pollMs: 5 });
    await Promise.race([relay.flush(), sleep(200)]);
    go.resolve();
    await Promise.all([early, late]);
    await until('all', async () => (await unsent()) === 0);
    t.same(sent.map((one) => one.key).toSorted(), ['early', 'late']);
    await relay.stop();
    await database.close();
  });

  t.test(`${name}: four processes relay at once: none lost, none twice, each key in order`, async (t) => {
    await using shared = await share();
    const databases = await Promise.all([1, 2, 3, 4].map(() => shared.open()));
    const { write, unsent } = await outboxOf(databases[0] as Database);
    const { bus, sent } = recordingBus(5);
    const relays = databases.map((database) =>
      startRelay({ database, bus, batch: 7, pollMs: 20, backoff: { baseMs: 1, maxMs: 5 } }),
    );
    const keys = Array.from({ length: 12 }, (_, n) => `k-${n}`);
    await Promise.all(
      keys.map(async (key) => {
        for (let n = 0; n < 15; n += 1) await write(key, n);
      }),
    );
    await until('all', async () => (await unsent()) === 0);
    for (const key of keys) {
      t.same(
        valuesOf(sent, key),
        Array.from({ length: 15 }, (_, n) => n),
      );
    }
    await Promise.all(relays.map((relay) => relay.stop()));
  });

  t.test(`${name}: a relay that hangs while it holds its shards stops nobody for longer than its lease`, async (t) => {
    await using shared = await share();
    const [first, second] = [await shared.open(), await shared.open()];
    const { write, unsent } = await outboxOf(first);
    const { bus, sent } = recordingBus();
    const hangs = Promise.withResolvers<void>();
    const entered = Promise.withResolvers<void>();
    const hungSent: OutgoingRecord[] = [];
    const warned: string[] = [];
    const hung = startRelay({
      database: first,
      leaseMs: 1_000,
      backoff: { baseMs: 60_000, maxMs: 60_000 },
      log: { ...silent, warn: (fields) => void warned.push(String((fields as { err?: Error }).err?.message)) },
      bus: {
        ...bus,
        async send(records) {
          hungSent.push(...records);
          entered.resolve();
          await hangs.promise;
        },
      },
    });
    await write('a', 1);
    await entered.promise;
    const other = startRelay({ database: second, bus, leaseMs: 1_000, pollMs: 20 });
    await write('a', 2);
    await until('the other has sent both', async () => (await unsent()) === 0);
    t.same(valuesOf(sent, 'a'), [1, 2]);
    t.equal(hungSent.length, 1);
    await first.transaction(({ knex }) => knex('parkwise_outbox').update({ published_at: null }));
    await until('sent again', () => sent.length === 4);
    await until('marked again', async () => (await unsent()) === 0);
    hangs.resolve();
    await until('the hung one was refused', () => warned.length > 0);
    t.same(valuesOf(sent, 'a'), [1, 2, 1, 2], 'and has marked nothing in the name of the other');
    await Promise.all([hung.stop(), other.stop()]);
  });
}
