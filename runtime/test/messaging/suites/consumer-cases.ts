import { setTimeout as sleep } from 'node:timers/promises';
import { currentContext } from '../../../src/observability/context.ts';
import { orderPlacedV1 } from '../support/order-messages.ts';
import { count, effects, openShop, type Handler } from '../support/shop.ts';
import { until } from '../support/until.ts';
import { caseList } from '../support/cases.ts';

const { cases, add } = caseList();
export const consumerCases = cases;

add('what is committed in one service has its effect in the other', async (t, transport) => {
  await using shop = await openShop(transport);
  await shop.startWarehouse();
  await shop.placeOrder('o-1');
  await shop.outcome('handled');
  t.same(await shop.handled(), ['o-1']);
});

add('what is rolled back is never sent', async (t, transport) => {
  await using shop = await openShop(transport);
  await shop.startWarehouse();
  await t.rejects(
    shop.sales.transaction(async (tx) => {
      await shop.publish['orderPlaced']!(tx, { orderId: 'o-1', total: 1 });
      throw new Error('changed my mind');
    }),
  );
  await shop.placeOrder('o-2');
  await shop.outcome('handled');
  t.same(await shop.handled(), ['o-2']);
});

add('the handler gets the parts of the envelope and the context of the sender', async (t, transport) => {
  await using shop = await openShop(transport);
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const got = Promise.withResolvers<unknown[]>();
  await shop.startWarehouse(async (message) => got.resolve([message, currentContext()]));
  await shop.sales.transaction(
    (tx) => shop.publish['orderPlaced']!(tx, { orderId: 'o-1', total: 3 }, { key: 'o-1', sequence: 7 }),
    {
      cause: { correlationId: 'c-1', causationId: 'r-1', traceparent },
    },
  );
  const [message, context] = await got.promise;
  t.match(message, {
    payload: { orderId: 'o-1', total: 3 },
    id: /^[0-9a-f-]{36}$/,
    type: 'order.placed',
    version: 2,
    key: 'o-1',
    time: Date,
    source: 'sales',
    correlationId: 'c-1',
    causationId: 'r-1',
    sequence: 7,
    headers: {
      ce_specversion: '1.0',
      ce_type: 'order.placed',
      ce_source: 'sales',
      'x-correlation': 'c-1',
      traceparent,
    },
  });
  t.match(context, { correlationId: 'c-1', causationId: (message as { id: string }).id, traceparent });
});

add('what a handler publishes carries correlation and cause on', async (t, transport) => {
  await using shop = await openShop(transport);
  await shop.startWarehouse((_, { commit }) =>
    commit((tx) => shop.publish['stockLow']!(tx, { item: 'bolt' }, { key: 'bolt' })),
  );
  await shop.placeOrder('o-1');
  await shop.outcome('handled');
  const row = await shop.warehouse.knex('parkwise_outbox').first();
  const [order] = await shop.bus.read(shop.orders);
  const headers = JSON.parse(row.headers);
  t.equal(headers.ce_causationid, order?.headers['ce_id']);
  t.equal(headers.ce_correlationid, order?.headers['ce_correlationid']);
});

add('a message that comes again has no second effect', async (t, transport) => {
  await using shop = await openShop(transport);
  await shop.startWarehouse();
  await shop.placeOrder('o-1');
  await shop.outcome('handled');
  const [record] = await shop.bus.read(shop.orders);
  await shop.bus.send([record!]);
  await shop.outcome('duplicate');
  t.same(await shop.handled(), ['o-1']);
});

add('the same with a handler that never calls commit', async (t, transport) => {
  await using shop = await openShop(transport);
  let calls = 0;
  await shop.startWarehouse(async () => void (calls += 1));
  await shop.placeOrder('o-1');
  await shop.outcome('handled');
  const [record] = await shop.bus.read(shop.orders);
  await shop.bus.send([record!]);
  await shop.outcome('duplicate');
  t.equal(calls, 1);
});

add('a commit that fails and is not awaited does not pass for success', async (t, transport) => {
  await using shop = await openShop(transport);
  await shop.startWarehouse(async (_, { commit }) => void commit(async () => Promise.reject(new Error('lost'))));
  await shop.placeOrder('o-1');
  await shop.outcome('dead-lettered');
  t.match(await shop.deadLetters(), [{ headers: { 'x-error-message': 'lost' } }]);
});

add('an old version reaches the handler as the new one', async (t, transport) => {
  await using shop = await openShop(transport);
  await shop.startWarehouse();
  await shop.sales.transaction((tx) => shop.publish['orderPlacedV1']!(tx, { orderId: 'old', sum: 9 }));
  await shop.outcome('handled');
  t.match(await effects.first(shop.warehouse), { orderId: 'old', total: 9 });
});

add(
  'unlisted types are skipped; what does not fit and unknown versions go to the dead letters at once',
  async (t, transport) => {
    await using shop = await openShop(transport);
    let calls = 0;
    await shop.startWarehouse(async () => void (calls += 1), { retryMs: [60_000] });
    const raw = (value: string) => ({ topic: shop.orders, headers: {}, value });
    const meta = { id: 'e-1', kind: 'order.placed', version: 2 };
    await shop.bus.send([
      raw(JSON.stringify({ meta: { ...meta, kind: 'order.archived' }, data: {} })),
      raw('{"meta":'),
      raw('{}'),
      raw(JSON.stringify({ meta, data: { orderId: 'o-1', total: 'much' } })),
      raw(JSON.stringify({ meta: { ...meta, version: 3 }, data: { orderId: 'o-1', total: 1 } })),
      raw(JSON.stringify({ meta: { ...meta, version: 1 }, data: { orderId: 'o-1', total: 1 } })),
    ]);
    await shop.outcome('dead-lettered', 5);
    await shop.outcome('skipped');
    t.equal(calls, 0);
    const errors = (await shop.deadLetters()).map((record) => record.headers['x-error-message']).toSorted();
    t.same(
      errors,
      [
        'OrderPlaced does not fit at "/data/total": must be number',
        `${orderPlacedV1.name} does not fit at "/data/sum": must be number`,
        'The message does not say what type it is',
        'The payload is not JSON',
        'order.placed comes in version 3, supported is 2, 1',
      ].toSorted(),
    );
  },
);

add('a message without any envelope is known by its headers', async (t, transport) => {
  await using shop = await openShop(transport);
  const { stockLow } = await import('../support/order-messages.ts');
  const got = Promise.withResolvers<unknown>();
  await shop.startWarehouse(async (message) => got.resolve(message), {
    operationId: 'receiveStockEvents',
    topic: { address: 'shop.stock.events', partitions: 4 },
    messages: [{ message: stockLow, handler: 'onOrderPlaced' }],
  });
  await shop.sales.transaction((tx) => shop.publish['stockLow']!(tx, { item: 'bolt' }, { key: 'bolt', sequence: 2 }));
  t.match(await got.promise, {
    payload: { item: 'bolt' },
    id: /^[0-9a-f-]{36}$/,
    key: 'bolt',
    sequence: 2,
    source: 'sales',
  });
});

add(
  'stopping waits for the handler that runs, and nothing is handled twice after the next start',
  async (t, transport) => {
    await using shop = await openShop(transport);
    const entered = Promise.withResolvers<void>();
    const leave = Promise.withResolvers<void>();
    const consumers = await shop.startWarehouse(async (message, context, database) => {
      entered.resolve();
      await leave.promise;
      await count(message, context, database);
    });
    await shop.placeOrder('o-1');
    await entered.promise;
    const stopped = consumers.stop();
    leave.resolve();
    await stopped;
    t.same(await shop.handled(), ['o-1']);
    await shop.placeOrder('o-2');
    await shop.startWarehouse();
    await shop.outcome('handled', 2);
    t.same(await shop.handled(), ['o-1', 'o-2']);
  },
);

add('a handler that does not end in time is told so, and its message comes again', async (t, transport) => {
  await using shop = await openShop(transport);
  const entered = Promise.withResolvers<void>();
  const consumers = await shop.startWarehouse(async (_, { signal }) => {
    entered.resolve();
    await new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
  });
  await shop.placeOrder('o-1');
  await entered.promise;
  await consumers.stop(1);
  await shop.startWarehouse();
  await shop.outcome('handled');
  t.same(await shop.handled(), ['o-1']);
  t.same(await shop.deadLetters(), []);
});

for (const order of ['none', 'key'] as const) {
  add(
    `order ${order}: a rebalance while messages are handled: one effect each, in the order of each key`,
    async (t, transport) => {
      await using shop = await openShop(transport);
      const slowly: Handler = async (message, context, database) => {
        await sleep(15);
        await count(message, context, database);
      };
      const keys = Array.from({ length: 8 }, (_, n) => `k-${n}`);
      await shop.sales.transaction(async (tx) => {
        for (let total = 1; total <= 25; total += 1) {
          for (const key of keys) await shop.publish['orderPlaced']!(tx, { orderId: key, total });
        }
      });
      const first = await shop.startWarehouse(slowly, { order });
      await shop.outcome('handled', 10);
      await shop.startWarehouse(slowly, { order });
      await shop.outcome('handled', 60);
      await shop.startWarehouse(slowly, { order });
      await shop.outcome('handled', 100);
      await first.stop();
      await until('all', async () => (await effects.count(shop.warehouse)) >= 200);
      const rows = await effects.find(shop.warehouse, {}, { orderBy: 'id' });
      t.equal(rows.length, 200);
      for (const key of keys) {
        t.same(
          rows.filter((row) => row.orderId === key).map((row) => row.total),
          Array.from({ length: 25 }, (_, n) => n + 1),
        );
      }
      t.same(await shop.deadLetters(), []);
    },
  );
}
