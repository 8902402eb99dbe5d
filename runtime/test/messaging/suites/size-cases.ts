/** A message larger than allowed: refused where it is published; where that is too late, out of the way of the others. */
import { bytesAlone } from '../../../src/messaging/record-size.ts';
import { refusedMessages } from '../../../src/persistence/runtime-tables.ts';
import { caseList } from '../support/cases.ts';
import { effects, openShop, type Shop } from '../support/shop.ts';
import { until } from '../support/until.ts';

const { cases, add } = caseList();
export const sizeCases = cases;

const place = (shop: Shop, total: number, bytes: number) =>
  shop.sales.transaction((tx) =>
    shop.publish['orderPlaced']!(tx, { orderId: 'one key', total, text: 'x'.repeat(bytes) }),
  );

add('a message larger than allowed is refused where it is published, and nothing is stored', async (t, transport) => {
  await using shop = await openShop(transport, { publish: { maxBytes: 5_000 } });
  await t.rejects(place(shop, 1, 5_000), { name: 'InvalidMessageError', message: /5000 are allowed/ });
  const topics = [{ address: 'shop.orders.events', partitions: 4, maxMessageBytes: 3_000 }];
  await using strict = await openShop(transport, { publish: { topics } });
  await t.rejects(place(strict, 1, 3_000), /3000 are allowed/);
  for (const { sales } of [shop, strict]) t.same(await sales.knex('parkwise_outbox'), []);
});

add(
  'one that the transport refuses all the same is put aside, and does not hold up the others',
  async (t, transport) => {
    await using shop = await openShop(transport, { topics: { maxMessageBytes: 5_000 } });
    await shop.startWarehouse();
    await place(shop, 1, 10);
    await place(shop, 2, 6_000);
    await place(shop, 3, 10);
    await place(shop, 4, 7_000);
    await shop.placeOrder('other', 5);
    await shop.outcome('handled', 3);
    const totals = (await effects.find(shop.warehouse)).map((row) => row.total);
    t.same(totals.toSorted(), [1, 3, 5]);
    const aside = await until('both put aside', async () => {
      const rows = await refusedMessages.find(shop.sales, {}, { orderBy: 'id' });
      return rows.length === 2 && rows;
    });
    t.match(aside, [
      { topic: shop.orders, aggregateId: 'one key', payload: /"total":2/, reason: /more than .* allows/ },
      { payload: /"total":4/ },
    ]);
    await until('all sent', async () => !(await shop.sales.knex('parkwise_outbox').whereNull('published_at').first()));
  },
);

add('a message of the largest size allowed still fits the retries and the dead letters', async (t, transport) => {
  await using shop = await openShop(transport, { topics: { maxMessageBytes: 5_000 } });
  const topic = { address: 'shop.orders.events', partitions: 4, maxMessageBytes: 5_000 };
  await shop.startWarehouse(() => Promise.reject(new Error('no '.repeat(1_000))), { topic, retryMs: [1] });
  await place(shop, 1, 1);
  await shop.outcome('dead-lettered');
  const [small] = await shop.bus.read(shop.orders);
  const room = 5_000 - bytesAlone({ ...small!, headers: small!.headers });
  await place(shop, 1, room + 1);
  await shop.outcome('dead-lettered', 2);
  const [, dead] = await shop.deadLetters();
  t.equal(bytesAlone((await shop.bus.read(shop.orders))[1]!), 5_000, 'not one byte more would have been taken');
  t.match(dead?.headers, { 'x-attempt': '2', 'x-error-class': 'Error' });
});
