/** What is special to SQLite: its files. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { openDatabase } from '../../src/persistence/open-database.ts';
import { databaseSuite, migrations, orders } from './database-suite.ts';
import { transactionsSuite } from './transactions-suite.ts';

async function inFile() {
  const directory = await mkdtemp(join(tmpdir(), 'database-'));
  const database = await openDatabase(`sqlite:${join(directory, 'a folder', 'orders.sqlite')}`);
  return {
    ...database,
    async close() {
      await database.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

databaseSuite('SQLite in a file', inFile);
transactionsSuite('SQLite in a file', inFile);

t.test('what has been stored is there when the file is opened again, and in two connections at once', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'database-'));
  const url = `sqlite:${join(directory, 'orders.sqlite')}`;
  const first = await openDatabase(url);
  const second = await openDatabase(url);
  await Promise.all([first.migrate(migrations), second.migrate(migrations)]);
  const row = { placedAt: new Date(0), paid: true, total: 1, weight: 1n, tags: [], version: 1 };
  const write = (database: typeof first, from: number) =>
    Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        database.transaction((tx) => orders.insert(tx, { ...row, id: `${from + n}`, number: from + n })),
      ),
    );
  await Promise.all([write(first, 0), write(second, 100)]);
  let runs = 0;
  const addOne = (database: typeof first) =>
    database.transaction(async (tx) => {
      runs += 1;
      const found = await orders.first(tx, { number: 1 });
      await orders.update(tx, { number: 1 }, { total: (found?.total ?? 0) + 1 });
    });
  await Promise.all(Array.from({ length: 40 }, (_, n) => addOne(n % 2 === 0 ? first : second)));
  t.match(await orders.first(first, { number: 1 }), { total: 41 });
  t.equal(runs, 40, 'a transaction that reads before it writes is not undone by another');
  await first.close();
  await second.close();
  const third = await openDatabase(url);
  t.equal(await orders.count(third), 80);
  await third.close();
  await rm(directory, { recursive: true, force: true });
});

t.test('URLs that cannot be opened say so', async (t) => {
  await t.rejects(openDatabase('oracle://somewhere'), /No database is known for "oracle:"/);
  await t.rejects(openDatabase('orders.sqlite'), /No database is known/);
  await t.rejects(openDatabase('sqlite:orders.sqlite'), /must be sqlite:\/absolute\/file/);
  await t.rejects(openDatabase('sqlite:/dev/null/orders.sqlite'), {
    message: /^Cannot open the database sqlite:\/dev\/null\/orders\.sqlite: /,
  });
});

t.test('a file that has no room for more says so, keeps nothing of the transaction, and can be read', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'database-'));
  const url = `sqlite:${join(directory, 'orders.sqlite')}`;
  const full = await openDatabase(`${url}?maxPages=80`);
  await full.migrate(migrations);
  const row = { placedAt: new Date(0), paid: true, total: 1, weight: 1n, version: 1 };
  const insertPair = (database: typeof full, n: number) =>
    database.transaction(async (tx) => {
      await orders.insert(tx, { ...row, id: `${n}`, number: n, tags: ['x'.repeat(3_000)] });
      await orders.insert(tx, { ...row, id: `${n}-b`, number: n + 1_000, tags: ['x'.repeat(3_000)] });
    });
  let made = 0;
  const fill = async (): Promise<void> => {
    for (; made < 500; made += 1) await insertPair(full, made);
  };
  await t.rejects(fill(), { name: 'DatabaseUnavailableError', message: /no room/ });
  t.ok(made > 0, 'there was room at first');
  t.equal(await orders.count(full), made * 2, 'the pair that did not fit is not there by half');
  await full.close();
  const roomy = await openDatabase(url);
  await insertPair(roomy, 600);
  t.equal(await orders.count(roomy), made * 2 + 2, 'with more room it goes on');
  await roomy.close();
  await rm(directory, { recursive: true, force: true });
});

t.test('a lock that is never let go is waited for once, and said to be one', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'database-'));
  const url = `sqlite:${join(directory, 'orders.sqlite')}`;
  const database = await openDatabase(url, { lockWaitMs: 50 });
  await database.migrate(migrations);
  const other = await openDatabase(url);
  await other.transaction(async () => {
    await t.rejects(
      database.transaction(async () => undefined),
      { name: 'DatabaseUnavailableError', message: /locked/ },
    );
  });
  await database.transaction(async () => undefined);
  await database.close();
  await other.close();
  await rm(directory, { recursive: true, force: true });
});
