import { headerOf } from '../../../src/messaging/message-location.ts';
import { count, effects, openShop, type Handler } from '../support/shop.ts';
import { until } from '../support/until.ts';
import { caseList } from '../support/cases.ts';

const { cases, add } = caseList();
export const retryCases = cases;

const failing =
  (isPoison: (orderId: string, attempt: number) => boolean): Handler =>
  async (message, context, database) => {
    if (isPoison(message.payload.orderId, context.attempt)) throw new TypeError('cannot reach bob@example.org');
    await count(message, context, database);
  };

add('order none: a failing message is tried again by its policy, others go ahead of it', async (t, transport) => {
  await using shop = await openShop(transport);
  await shop.startWarehouse(
    failing((orderId, attempt) => orderId === 'bad' && attempt < 3),
    { retryMs: [1, 30] },
  );
  await shop.placeOrder('bad');
  await shop.placeOrder('good');
  await shop.outcome('handled', 2);
  t.same(await shop.handled(), ['good', 'bad']);
  t.equal((await shop.bus.read(shop.name('shop.orders.events.warehouse.retry.1'))).length, 1);
  t.equal((await shop.bus.read(shop.name('shop.orders.events.warehouse.retry.2'))).length, 1);
  t.same(await shop.deadLetters(), []);
});

add(
  'a message that never succeeds ends in the dead letters, with all that is needed to understand it',
  async (t, transport) => {
    for (const order of ['none', 'key'] as const) {
      await using shop = await openShop(transport);
      await shop.startWarehouse(
        failing(() => true),
        { order, retryMs: [1, 1] },
      );
      await shop.placeOrder('bad');
      await shop.outcome('dead-lettered');
      const [sent] = await shop.bus.read(shop.orders);
      const [dead] = await shop.deadLetters();
      t.equal(dead?.value, sent?.value, order);
      t.equal(dead?.headers['x-original-topic'], shop.orders);
      t.match(dead?.headers, {
        ...sent?.headers,
        'x-original-partition': String(sent?.partition),
        'x-original-offset': '0',
        'x-original-timestamp': sent?.timestamp.toISOString(),
        'x-consumer-group': shop.name('warehouse'),
        'x-attempt': '3',
        'x-event-id': sent?.headers['ce_id'],
        'x-error-class': 'TypeError',
        'x-error-message': 'cannot reach [email]',
      });
      t.notOk(headerOf(dead?.headers ?? {}, 'x-not-before'));
      t.same(await shop.handled(), []);
    }
  },
);

add('order key: later messages of the key wait behind a failing one, other keys do not', async (t, transport) => {
  await using shop = await openShop(transport);
  let broken = true;
  await shop.startWarehouse(
    failing((orderId) => orderId === 'a-1' && broken),
    { order: 'key', retryMs: Array.from({ length: 1_000 }, () => 5) },
  );
  await shop.placeOrder('a-1');
  await shop.outcome('parked');
  const [first] = await shop.bus.read(shop.orders);
  const follower = (n: number) => ({
    ...first!,
    headers: { ...first!.headers, ce_id: `follower-${n}` },
    value: JSON.stringify({
      meta: { id: `follower-${n}`, kind: 'order.placed', version: 2 },
      data: { orderId: 'a-1', total: n },
    }),
  });
  await shop.bus.send([follower(2), follower(3)]);
  await shop.placeOrder('b-1');
  await shop.outcome('handled', 1);
  t.same(await shop.handled(), ['b-1']);
  broken = false;
  await until('all handled', async () => (await effects.count(shop.warehouse)) === 4);
  t.same(
    (await effects.find(shop.warehouse, { orderId: 'a-1' }, { orderBy: 'id' })).map((row) => row.total),
    [1, 2, 3],
  );
  await shop.placeOrder('a-1', 4);
  await until('the key is free again', async () => (await effects.count(shop.warehouse)) === 5);
  t.notOk(shop.outcomes.includes('duplicate'), 'a parked message goes with the transaction that handles it');
});

add('order key: after the dead letter of the first, the key goes on', async (t, transport) => {
  await using shop = await openShop(transport);
  await shop.startWarehouse(
    async (message, context, database) => {
      if (message.payload.total === 1) throw new Error('never');
      await count(message, context, database);
    },
    { order: 'key', retryMs: [20] },
  );
  await shop.placeOrder('a', 1);
  await shop.placeOrder('a', 2);
  await shop.outcome('handled');
  t.equal((await shop.deadLetters()).length, 1);
  t.same(
    (await effects.find(shop.warehouse)).map((row) => row.total),
    [2],
  );
});
