/** Messages that are handled at the same time share a transaction: nobody must notice. */
import { currentContext } from '../../../src/observability/context.ts';
import { DatabaseUnavailableError } from '../../../src/persistence/database-errors.ts';
import { inbox } from '../../../src/persistence/runtime-tables.ts';
import { caseList } from '../support/cases.ts';
import { count, effects, openShop, type Handler, type Shop } from '../support/shop.ts';
import { until } from '../support/until.ts';

const { cases, add } = caseList();
export const sharedCases = cases;

/** All in one partition, before anybody listens. */
const place = (
  shop: Shop,
  orders: readonly (readonly [orderId: string, total: number, id?: string])[],
  partition = 0,
) =>
  shop.bus.send(
    orders.map(([orderId, total, id = `${orderId}/${total}`]) => ({
      topic: shop.orders,
      partition,
      headers: { ce_id: id, 'x-correlation': `of ${id}` },
      value: JSON.stringify({ meta: { id, kind: 'order.placed', version: 2 }, data: { orderId, total } }),
    })),
  );

const totals = async (shop: Shop, orderId: string): Promise<readonly number[]> =>
  (await effects.find(shop.warehouse, { orderId }, { orderBy: 'id' })).map((row) => row.total);

const names = (amount: number) => Array.from({ length: amount }, (_, n) => `o-${n}`);

for (const order of ['none', 'key'] as const) {
  add(`order ${order}: keys are handled at the same time, each in its order`, async (t, transport) => {
    await using shop = await openShop(transport);
    const bothRun = Promise.withResolvers<void>();
    const running = new Set<string>();
    await place(shop, [
      ['a', 1],
      ['a', 2],
      ['b', 1],
      ['a', 3],
      ['b', 2],
    ]);
    await shop.startWarehouse(
      async (message, context, database) => {
        const { orderId } = message.payload;
        t.notOk(running.has(orderId), 'the one before is done');
        running.add(orderId);
        if (running.size === 2) bothRun.resolve();
        await bothRun.promise;
        await count(message, context, database);
        running.delete(orderId);
      },
      { order },
    );
    await shop.outcome('handled', 5);
    t.same(
      [await totals(shop, 'a'), await totals(shop, 'b')],
      [
        [1, 2, 3],
        [1, 2],
      ],
    );
  });

  add(`order ${order}: one that fails in its commit fails alone`, async (t, transport) => {
    await using shop = await openShop(transport);
    await place(
      shop,
      [...names(5), 'bad', ...names(12).slice(5)].map((name) => [name, 1]),
    );
    await shop.startWarehouse(
      ({ payload, id }, { commit }) =>
        commit(async (tx) => {
          await effects.insert(tx, { ...payload, eventId: id });
          if (payload.orderId === 'bad') throw new Error('refused');
        }),
      { order },
    );
    await shop.outcome('handled', 12);
    await shop.outcome('dead-lettered');
    t.same((await shop.handled()).toSorted(), names(12).toSorted());
    t.match(await shop.deadLetters(), [{ headers: { 'x-event-id': 'bad/1', 'x-error-message': 'refused' } }]);
    t.notOk(shop.outcomes.includes('duplicate'));
    t.notOk(await inbox.first(shop.warehouse, { eventId: 'bad/1' }), 'what has failed can be replayed');
  });

  add(`order ${order}: one that comes twice among others has one effect`, async (t, transport) => {
    await using shop = await openShop(transport);
    // The last has an id that was used for another key, so that both are handled at once.
    await place(shop, [...names(4).map((name) => [name, 1] as const), ['o-1', 1], ['other', 1, 'o-2/1']]);
    await shop.startWarehouse(count, { order });
    await shop.outcome('handled', 4);
    await shop.outcome('duplicate', 2);
    t.equal((await shop.handled()).length, 4);
    t.equal(await inbox.count(shop.warehouse), 4);
  });
}

add('stopping leaves what waits behind another of its key', async (t, transport) => {
  await using shop = await openShop(transport);
  const [entered, leave] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  await place(shop, [
    ['a', 1],
    ['a', 2],
    ['b', 1],
    ['a', 3],
  ]);
  const consumers = await shop.startWarehouse(async (message, context, database) => {
    if (message.payload.orderId === 'a') {
      entered.resolve();
      await leave.promise;
    }
    await count(message, context, database);
  });
  await entered.promise;
  const stopped = consumers.stop();
  leave.resolve();
  await stopped;
  t.same([await totals(shop, 'a'), await totals(shop, 'b')], [[1], [1]]);
  await shop.startWarehouse();
  await until('all', async () => (await effects.count(shop.warehouse)) === 4);
  t.same(await totals(shop, 'a'), [1, 2, 3]);
  t.same(await shop.deadLetters(), []);
});

add('one that comes again leaves behind it nothing to acknowledge', async (t, transport) => {
  await using shop = await openShop(transport);
  const failures = [new DatabaseUnavailableError('away', { isLost: false })];
  await place(
    shop,
    [...names(3), 'patient', ...names(9).slice(3)].map((name) => [name, 1]),
  );
  await shop.startWarehouse(async (message, context, database) => {
    const failure = message.payload.orderId === 'patient' ? failures.pop() : undefined;
    if (failure) throw failure;
    await count(message, context, database);
  });
  await shop.outcome('handled', 10);
  await until('all acknowledged', async () =>
    (await shop.bus.lag(shop.name('warehouse'))).every((lag) => lag.committed === lag.end),
  );
  t.equal((await shop.handled()).length, 10);
  t.notOk(shop.outcomes.includes('duplicate'), 'those behind it were done');
});

add('one that loses against rivals in the database comes again, and no attempt is counted', async (t, transport) => {
  await using shop = await openShop(transport);
  // As MariaDB and SQLite say that the transaction has to be tried again.
  const losses = [1, 2].map(() => Object.assign(new Error('deadlock'), { errno: 1213, errcode: 5 }));
  await place(
    shop,
    ['unlucky', ...names(3)].map((name) => [name, 1]),
  );
  await shop.startWarehouse(async (message, context, database) => {
    const loss = message.payload.orderId === 'unlucky' ? losses.pop() : undefined;
    if (loss) throw loss;
    t.equal(context.attempt, 1);
    await count(message, context, database);
  });
  await shop.outcome('handled', 4);
  t.same([losses, await shop.deadLetters()], [[], []]);
});

add('what one waits for outside its commit keeps no other from being done', async (t, transport) => {
  await using shop = await openShop(transport);
  const leave = Promise.withResolvers<void>();
  await place(
    shop,
    ['slow', ...names(10)].map((name) => [name, 1]),
  );
  await shop.startWarehouse(async (message, context, database) => {
    if (message.payload.orderId === 'slow') await leave.promise;
    await count(message, context, database);
  });
  await shop.outcome('handled', 10);
  t.same((await shop.handled()).toSorted(), names(10).toSorted());
  leave.resolve();
  await shop.outcome('handled', 11);
});

add('each commit has the context, the cause and the answer of its own message', async (t, transport) => {
  await using shop = await openShop(transport);
  const seen: unknown[] = [];
  const transactions = new Set<unknown>();
  await place(
    shop,
    names(6).map((name) => [name, 1]),
  );
  await shop.startWarehouse(async (message, { commit }) => {
    const answer = await commit(async (tx) => {
      transactions.add(tx.knex);
      await shop.publish['stockLow']!(tx, { item: message.id }, { key: message.id });
      return [message.id, currentContext()?.causationId, currentContext()?.correlationId];
    });
    seen.push(answer, currentContext()?.causationId === message.id);
  });
  await shop.outcome('handled', 6);
  t.same(
    seen,
    names(6).flatMap((name) => [[`${name}/1`, `${name}/1`, `of ${name}/1`], true]),
  );
  t.ok(transactions.size < 6, 'some of those that waited are stored at once');
  const rows: { readonly headers: string; readonly aggregate_id: string }[] = await shop.warehouse
    .knex('parkwise_outbox')
    .orderBy('id');
  t.same(
    rows.map(({ aggregate_id, headers }) => [aggregate_id, JSON.parse(headers).ce_causationid]),
    names(6).map((name) => [`${name}/1`, `${name}/1`]),
  );
});

add('inside a commit no other transaction can be opened, and no commit inside a transaction', async (t, transport) => {
  await using shop = await openShop(transport);
  await place(
    shop,
    ['inside', 'around', 'good'].map((name) => [name, 1]),
  );
  await shop.startWarehouse(async (message, context, database) => {
    const { orderId } = message.payload;
    if (orderId === 'good') await count(message, context, database);
    else if (orderId === 'inside') await context.commit(() => database.transaction(async () => undefined));
    else await database.transaction(() => context.commit(async () => undefined));
  });
  await shop.outcome('dead-lettered', 2);
  await shop.outcome('handled');
  for (const { headers } of await shop.deadLetters()) t.match(headers['x-error-message'], /is open already/);
});

/** For databases with several writers: each of two groups has what the other needs. */
add('groups of two partitions that block each other: each effect once', async (t, transport) => {
  await using shop = await openShop(transport);
  if (shop.warehouse.dialect.name === 'sqlite') return;
  const both = Promise.withResolvers<void>();
  const first = new Set<string>();
  const wants: Readonly<Record<string, string>> = { a: 'x', b: 'y', c: 'y', d: 'x' };
  await shop.warehouse.transaction((tx) =>
    effects.insert(
      tx,
      ['x', 'y'].map((orderId) => ({ orderId, total: 0, eventId: '' })),
    ),
  );
  await place(
    shop,
    [
      ['a', 1],
      ['b', 1],
    ],
    0,
  );
  await place(
    shop,
    [
      ['c', 1],
      ['d', 1],
    ],
    1,
  );
  const handler: Handler = ({ payload }, { commit }) =>
    commit(async (tx) => {
      const row = effects.query(tx).where({ order_id: wants[payload.orderId] });
      await row.increment('total', 1);
      first.add(payload.orderId);
      if (first.has('a') && first.has('c')) both.resolve();
      await both.promise;
    });
  await shop.startWarehouse(handler, { order: 'key' });
  await shop.outcome('handled', 4);
  await until('all', async () => (await inbox.count(shop.warehouse)) === 4);
  t.same([await totals(shop, 'x'), await totals(shop, 'y')], [[2], [2]]);
  t.same(await shop.deadLetters(), []);
});
