/** What every database has to do, whatever it is: run on each of them. */
import t from 'tap';
import { column } from '../../src/persistence/column.ts';
import type { Database } from '../../src/persistence/database.ts';
import { table } from '../../src/persistence/table.ts';

export const orders = table('orders', {
  id: column.uuid(),
  customerId: column.uuid().optional(),
  number: column.integer().unique(),
  placedAt: column.instant(),
  paid: column.boolean(),
  total: column.money(),
  weight: column.bigint(),
  tags: column.json<readonly string[]>(),
  note: column.text({ max: 200 }).optional(),
  version: column.integer(),
});

export const lines = table('order_lines', {
  orderId: column.uuid().primaryKey().references('orders'),
  line: column.integer().primaryKey(),
  item: column.text(),
});

export const migrations = [
  {
    name: '0001-orders',
    async up(knex: Parameters<typeof orders.create>[0]) {
      await orders.create(knex, (builder) => builder.index(['placed_at'], 'orders_by_time'));
      await lines.create(knex);
    },
  },
];

export const order = (n: number) => ({
  id: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
  number: n,
  placedAt: new Date(Date.UTC(2030, 0, n, 12, 30, 15, 123)),
  paid: n % 2 === 0,
  total: 100 * n,
  weight: 2n ** 62n + BigInt(n),
  tags: ['ünï', `"${n}"`],
  version: 1,
});

/** `open` gives an empty database, which gets so many orders. */
export const ordersIn =
  (open: () => Promise<Database>) =>
  async (count: number, work: (database: Database) => Promise<void>): Promise<void> => {
    const database = await open();
    try {
      await database.migrate(migrations);
      const rows = Array.from({ length: count }, (_, n) => order(n + 1));
      await database.transaction((tx) => orders.insert(tx, rows));
      await work(database);
    } finally {
      await database.close();
    }
  };

/** `open` gives an empty database. */
export function databaseSuite(name: string, open: () => Promise<Database>): void {
  const withOrders = ordersIn(open);

  t.test(`${name}: rows come back as they went in`, (t) =>
    withOrders(2, async (database) => {
      t.strictSame(await orders.find(database, {}, { orderBy: 'number' }), [order(1), order(2)]);
      const full = { ...order(3), customerId: order(9).id, note: 'leave it\nat the door 😀' };
      await database.transaction(async (tx) => {
        await orders.insert(tx, full);
        t.strictSame(await orders.first(tx, { id: full.id }), full, 'in the transaction too');
      });
      t.strictSame(await orders.first(database, { number: 3 }), full);
      const record = await orders.query(database).where({ number: 3 }).first();
      t.strictSame(orders.decode(database, record), full);
      t.equal(record[orders.columns.placedAt], orders.encode(database, full)['placed_at']);
    }),
  );

  t.test(`${name}: conditions, order, pages`, (t) =>
    withOrders(6, async (database) => {
      const numbers = async (...args: Parameters<typeof orders.find> extends [unknown, ...infer Rest] ? Rest : never) =>
        (await orders.find(database, ...args)).map((row) => row.number);
      t.same(await numbers({ paid: true }, { orderBy: 'number' }), [2, 4, 6]);
      t.same(await numbers({ placedAt: order(3).placedAt }), [3]);
      t.same(await numbers({ number: [1, 5, 9] }, { orderBy: { number: 'desc' } }), [5, 1]);
      t.same(await numbers({ note: null }, { orderBy: ['paid', ['number', 'desc']], limit: 4 }), [5, 3, 1, 6]);
      t.same(await numbers({}, { orderBy: 'number', limit: 2, offset: 2 }), [3, 4]);
      t.same(await numbers((query) => query.where('placed_at', '>', order(4).placedAt).where('paid', true)), [6]);
      t.equal(await orders.count(database, { paid: false }), 3);
      t.equal(await orders.first(database, { number: 99 }), undefined);
    }),
  );

  t.test(`${name}: a direction from outside becomes no part of the statement`, (t) =>
    withOrders(2, async (database) => {
      const direction = 'desc, (select 1 from missing)' as 'desc';
      const rows = await orders.find(database, {}, { orderBy: [['number', direction]] });
      t.strictSame(
        rows.map(({ number }) => number),
        [1, 2],
      );
    }),
  );

  t.test(`${name}: a condition that is undefined, or no column, is refused`, (t) =>
    withOrders(1, async (database) => {
      const id = undefined as unknown as string;
      await t.rejects(orders.find(database, { id }), /orders\.id is undefined/);
      await t.rejects(
        database.transaction((tx) => orders.delete(tx, { id })),
        /orders\.id is undefined/,
      );
      await t.rejects(orders.find(database, { colour: 'red' } as never), /no column "colour"/);
      await t.rejects(
        database.transaction((tx) => orders.update(tx, { number: 1 }, { total: 1.5 })),
        /whole number/,
      );
      await t.rejects(
        database.transaction((tx) => orders.update(tx, { number: 1 }, { placedAt: new Date('never') })),
        /valid Date/,
      );
      t.equal(await orders.count(database), 1);
    }),
  );

  t.test(`${name}: changing, emptying, replacing, deleting`, (t) =>
    withOrders(3, async (database) => {
      await database.transaction(async (tx) => {
        t.equal(await orders.update(tx, { paid: false }, { note: 'unpaid', paid: true }), 2);
        t.equal(await orders.update(tx, { number: 1 }, { note: null }), 1);
        await orders.upsert(tx, { ...order(2), total: 7 });
        await orders.upsert(tx, order(4));
        t.equal(await orders.delete(tx, { number: 3 }), 1);
      });
      const rows = await orders.find(database, {}, { orderBy: 'number' });
      t.strictSame(rows, [{ ...order(1), paid: true }, { ...order(2), total: 7 }, order(4)]);
    }),
  );

  t.test(`${name}: an increment says the sum, and holds the row until the end`, (t) =>
    withOrders(2, async (database) => {
      const { id } = order(1);
      const next = () => database.transaction((tx) => orders.increment(tx, { id }, 'version'));
      const sums = await Promise.all(Array.from({ length: 8 }, next));
      t.strictSame(
        sums.toSorted((a, b) => Number(a) - Number(b)),
        [2, 3, 4, 5, 6, 7, 8, 9],
      );
      await database.transaction(async (tx) => {
        t.equal(await orders.increment(tx, { id }, 'total', 2 ** 52), 100 + 2 ** 52);
        t.equal(await orders.increment(tx, { id }, 'total', -150 - 2 ** 52), -50);
        t.equal(await orders.increment(tx, { id: order(7).id }, 'total'), undefined, 'there is no such row');
      });
      t.match(await orders.first(database, { id: order(2).id }), { version: 1, total: 200 }, 'others stay');
    }),
  );

  t.test(`${name}: rows of different shapes, lists that are empty, patches that change nothing`, (t) =>
    withOrders(1, async (database) => {
      const [{ note: _, ...first }, second] = [
        { ...order(2), note: '' },
        { ...order(3), note: 'by `hand`?' },
      ];
      await database.transaction((tx) => orders.insert(tx, [first, second]));
      t.strictSame(
        (await orders.find(database, {}, { orderBy: 'number', offset: 1 })).map(({ note }) => note),
        [undefined, 'by `hand`?'],
      );
      t.strictSame(await orders.find(database, { id: [] }), []);
      t.equal(await orders.count(database, { note: null }), 2);
      await database.transaction(async (tx) => {
        t.equal(await orders.update(tx, { paid: false }, {}), 2);
        t.equal(await orders.update(tx, { id: [] }, { paid: true }), 0);
        t.equal(await orders.delete(tx, { id: [order(1).id, order(2).id] }), 2);
      });
      t.equal(await orders.count(database), 1);
    }),
  );

  t.test(`${name}: an error tells the statement and no value`, (t) =>
    withOrders(1, async (database) => {
      const again = database.transaction((tx) => orders.insert(tx, { ...order(2), number: 1, note: 'secret' }));
      const error: unknown = await again.catch((reason: unknown) => reason);
      t.match(String(error), /insert into `order/);
      t.notMatch(String(error), /secret/);
    }),
  );

  t.test(`${name}: a key needs an end, or no database but the one at hand could have it`, async (t) => {
    const database = await open();
    const endless = { id: column.uuid(), note: column.text(), tags: column.json() };
    for (const made of [
      (knex: Parameters<typeof orders.create>[0]) => table('a', { id: column.text() }).create(knex),
      (knex: Parameters<typeof orders.create>[0]) =>
        table('b', { id: column.uuid(), b: column.text().unique() }).create(knex),
      (knex: Parameters<typeof orders.create>[0]) => table('c', endless).create(knex, (c) => c.index(['id', 'note'])),
      (knex: Parameters<typeof orders.create>[0]) => table('d', endless).create(knex, (d) => d.index('tags')),
    ]) {
      await t.rejects(
        database.transaction(({ knex }) => made(knex)),
        /is indexed: give it an end, as in column\.text/,
      );
    }
    await database.close();
  });

  t.test(`${name}: a later migration adds columns`, (t) =>
    withOrders(1, async (database) => {
      const wider = table('orders', { id: column.uuid(), giftWrap: column.boolean().optional() });
      const added = {
        name: '0002-gifts',
        up: (knex: Parameters<typeof wider.create>[0]) => wider.addColumns(knex, 'giftWrap'),
      };
      t.same(await database.migrate([...migrations, added]), ['0002-gifts']);
      t.same(await database.migrate([...migrations, added]), []);
      await database.transaction((tx) => wider.update(tx, { id: order(1).id }, { giftWrap: true }));
      t.match(await wider.first(database), { giftWrap: true });
    }),
  );
}
