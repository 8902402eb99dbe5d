/** What a transaction is, on every database. */
import t from 'tap';
import type { Database } from '../../src/persistence/database.ts';
import { afterCommit } from '../../src/persistence/open-tx.ts';
import { lines, order, orders, ordersIn } from './database-suite.ts';

/** `open` gives an empty database. */
export function transactionsSuite(name: string, open: () => Promise<Database>): void {
  const withOrders = ordersIn(open);

  t.test(`${name}: of two changes to one version, one wins`, (t) =>
    withOrders(1, async (database) => {
      const { id } = order(1);
      const change = (total: number) => database.transaction((tx) => orders.updateVersion(tx, { id }, 1, { total }));
      t.same((await Promise.all([change(11), change(12), change(13)])).filter(Boolean).length, 1);
      t.match(await orders.first(database, { id }), { version: 2, total: 11 });
    }),
  );

  t.test(`${name}: a throw rolls back, unique and foreign keys hold and are told apart`, (t) =>
    withOrders(1, async (database) => {
      await t.rejects(
        database.transaction(async (tx) => {
          await orders.insert(tx, order(2));
          throw new Error('no');
        }),
        { message: 'no' },
      );
      t.equal(await orders.count(database), 1);
      const failure = (work: Parameters<typeof database.transaction<void>>[0]) =>
        database.transaction(work).then(
          () => undefined,
          (error: unknown) => error,
        );
      const twice = await failure((tx) => orders.insert(tx, order(1)));
      const sameNumber = await failure((tx) => orders.insert(tx, { ...order(2), number: 1 }));
      const orphan = await failure((tx) => lines.insert(tx, { orderId: order(5).id, line: 1, item: 'bolt' }));
      t.ok(database.dialect.isUniqueViolation(twice));
      t.ok(database.dialect.isUniqueViolation(sameNumber));
      t.type(orphan, Error);
      t.notOk(database.dialect.isUniqueViolation(orphan));
      t.notOk(String(sameNumber).includes(order(2).id), 'values do not get into the text of an error');
    }),
  );

  t.test(`${name}: reads see what is committed, and never wait for an open transaction`, (t) =>
    withOrders(1, async (database) => {
      const written = Promise.withResolvers<void>();
      const go = Promise.withResolvers<void>();
      const writing = database.transaction(async (tx) => {
        await orders.insert(tx, order(2));
        written.resolve();
        await go.promise;
      });
      await written.promise;
      t.equal(await orders.count(database), 1);
      go.resolve();
      await writing;
      t.equal(await orders.count(database), 2);
    }),
  );

  t.test(`${name}: a transaction inside another is refused at once`, (t) =>
    withOrders(0, async (database) => {
      await t.rejects(
        database.transaction(() => database.transaction(async () => undefined)),
        /pass its tx on/,
      );
      await database.transaction(async () => undefined);
    }),
  );

  t.test(`${name}: what comes after the end of a transaction is refused, and becomes no part of the next one`, (t) =>
    withOrders(0, async (database) => {
      const ended = await database.transaction(async (tx) => tx);
      const message = /The transaction has ended/;
      await database.transaction(async (tx) => {
        await orders.insert(tx, order(1));
        await t.rejects(orders.insert(ended, order(2)), { message });
        await t.rejects(orders.find(ended), { message });
        await t.rejects(ended.knex(orders.name).delete(), { message });
        await t.rejects(ended.knex.raw('select 1'), { message });
      });
      t.equal(await orders.count(database), 1);
    }),
  );

  t.test(`${name}: a transaction ends when its work does, and no other way`, (t) =>
    withOrders(0, async (database) => {
      await database.transaction(async (tx) => {
        await orders.insert(tx, order(1));
        await t.rejects(Promise.resolve(tx.knex.commit()), { message: /throw to roll it back/ });
        await t.rejects(Promise.resolve(tx.knex.rollback()), { message: /throw to roll it back/ });
        t.equal(tx.knex.isCompleted(), false);
        await t.rejects(
          tx.knex.transaction(async (inner) => {
            await inner(orders.name).delete();
            throw new Error('a savepoint is undone');
          }),
          { message: 'a savepoint is undone' },
        );
      });
      t.equal(await orders.count(database), 1);
    }),
  );

  t.test(`${name}: many transactions at once lose nothing`, (t) =>
    withOrders(1, async (database) => {
      await Promise.all(
        Array.from({ length: 50 }, () =>
          database.transaction(async (tx) => {
            const row = await orders.first(tx, { number: 1 }, { forUpdate: true });
            await orders.update(tx, { number: 1 }, { total: (row?.total ?? 0) + 1 });
          }),
        ),
      );
      t.match(await orders.first(database, { number: 1 }), { total: 150 });
    }),
  );

  t.test(`${name}: a transaction that the database wants repeated is repeated, five times at most`, (t) =>
    withOrders(0, async (database) => {
      const busy = Object.assign(new Error('busy'), { errcode: 5, errno: 1213 });
      let tries = 0;
      await database.transaction(async (tx) => {
        await orders.insert(tx, order(1));
        if ((tries += 1) < 3) throw busy;
      });
      t.equal(tries, 3);
      t.equal(await orders.count(database), 1);
      tries = 0;
      await t.rejects(
        database.transaction(async () => {
          tries += 1;
          throw busy;
        }),
        /busy/,
      );
      t.equal(tries, 5);
    }),
  );

  t.test(`${name}: what waits for the commit is told of it once, and not of a rollback`, (t) =>
    withOrders(0, async (database) => {
      const told: string[] = [];
      await database.transaction(async (tx) => {
        afterCommit(tx, () => told.push('committed'));
        t.same(told, []);
      });
      await t.rejects(
        database.transaction(async (tx) => {
          afterCommit(tx, () => told.push('rolled back'));
          throw new Error('no');
        }),
      );
      t.same(told, ['committed']);
    }),
  );
}
