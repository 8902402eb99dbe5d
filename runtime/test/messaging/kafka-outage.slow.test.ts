/** A broker that is not there, dies, or hangs, while a service goes on. It belongs to this test alone. */
import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { ownBackend, type OwnBackend } from '../../../e2e/backends/own-backend.ts';
import { kafka as shared } from '../backends.ts';
import { effects, openShop, type Shop } from './support/shop.ts';
import { kafka, kafkaWorld, type Transport } from './support/transports.ts';
import { until } from './support/until.ts';

const KEYS = 10;
/** A commit that waited for the broker would take longer than any of these. */
const bus = { timeoutMs: 3_000, leaseMs: 6_000, backoffMaxMs: 500 };

async function openWith(broker: OwnBackend): Promise<Shop> {
  const transport: Transport = { ...kafka, prepare: () => kafkaWorld(broker.url) };
  return openShop(transport, { bus, relay: { backoff: { baseMs: 50, maxMs: 500 }, pollMs: 100 } });
}

/** Places orders until told to stop. @returns how many, and how long the slowest took. */
async function load(shop: Shop, stop: AbortSignal): Promise<{ readonly placed: number; readonly slowestMs: number }> {
  let placed = 0;
  let slowestMs = 0;
  while (!stop.aborted) {
    const started = performance.now();
    await shop.placeOrder(`k-${placed % KEYS}`, Math.floor(placed / KEYS));
    slowestMs = Math.max(slowestMs, performance.now() - started);
    placed += 1;
    await sleep(5);
  }
  return { placed, slowestMs };
}

/** Each order has one effect, in the order of its key; and the log has each, at least once, in that order. */
async function complete(t: Test, shop: Shop, placed: number): Promise<void> {
  await until(`${placed} effects`, async () => (await effects.count(shop.warehouse)) >= placed);
  const rows = await effects.find(shop.warehouse, {}, { orderBy: 'id' });
  t.equal(rows.length, placed);
  const records = await shop.bus.read(shop.orders, 1_000_000);
  t.equal(new Set(records.map(({ headers }) => headers['ce_id'])).size, placed, 'nothing is missing in the log');
  for (let key = 0; key < KEYS; key += 1) {
    const expected = Array.from({ length: Math.ceil((placed - key) / KEYS) }, (_, n) => n);
    const ofKey = rows.filter((row) => row.orderId === `k-${key}`).map((row) => row.total);
    const sent = records
      .filter((record) => record.key === `k-${key}`)
      .toSorted((a, b) => a.offset - b.offset)
      .map(({ value }) => (JSON.parse(value) as { data: { total: number } }).data.total);
    if (JSON.stringify(ofKey) !== JSON.stringify(expected)) t.same(ofKey, expected, `effects of key ${key}`);
    if (JSON.stringify([...new Set(sent)]) !== JSON.stringify(expected))
      t.same(sent, expected, `records of key ${key}`);
  }
}

const faults: readonly {
  name: string;
  strike: (b: OwnBackend) => Promise<void>;
  mend: (b: OwnBackend) => Promise<unknown>;
}[] = [
  { name: 'killed', strike: (broker) => broker.kill(), mend: (broker) => broker.start() },
  { name: 'hung', strike: async (broker) => broker.pause(), mend: async (broker) => broker.resume() },
];

for (const { name, strike, mend } of faults) {
  t.test(
    `the broker is ${name} under load: commits go on, nothing is lost or out of order`,
    { skip: shared.skip },
    async (t) => {
      const broker = await ownBackend('kafka');
      t.teardown(() => broker.remove());
      await broker.start();
      await using shop = await openWith(broker);
      await shop.startWarehouse(undefined, { order: 'key' });
      const stop = new AbortController();
      const loading = load(shop, stop.signal);
      await shop.outcome('handled', 50);
      await strike(broker);
      const outage = Number(process.env['OUTAGE_SECONDS'] ?? 12);
      await sleep(outage * 1_000);
      await mend(broker);
      const back = performance.now();
      await sleep(1_000);
      stop.abort();
      const { placed, slowestMs } = await loading;
      await complete(t, shop, placed);
      t.comment(
        `${placed} orders, the slowest commit took ${Math.round(slowestMs)} ms, drained ${Math.round(performance.now() - back)} ms after`,
      );
      t.ok(slowestMs < bus.timeoutMs, 'no commit has waited for the broker');
    },
  );
}

t.test(
  'without a broker services start; what was published meanwhile arrives when it is there',
  { skip: shared.skip },
  async (t) => {
    const broker = await ownBackend('kafka');
    t.teardown(() => broker.remove());
    await using shop = await openWith(broker);
    await shop.startWarehouse();
    for (let n = 0; n < 20; n += 1) await shop.placeOrder(`k-${n % KEYS}`, Math.floor(n / KEYS));
    await t.rejects(shop.relay.flush());
    await broker.start();
    await complete(t, shop, 20);
  },
);
