/** A MariaDB that hangs, dies and is cut off: what is promised of it in `open-mariadb.ts`. */
import t, { type Test } from 'tap';
import type { IdempotencyRequest } from '../../src/http/unit-of-work.ts';
import type { Database, DatabaseOptions } from '../../src/persistence/database.ts';
import { administer } from '../../src/persistence/mariadb/administer.ts';
import { openDatabase } from '../../src/persistence/open-database.ts';
import { createTestDatabase } from '../../src/testing/test-database.ts';
import { createUnitOfWork } from '../../src/persistence/unit-of-work.ts';
import { mariadb } from '../backends.ts';
import { until } from '../messaging/support/until.ts';
import { migrations, orders } from './database-suite.ts';
import { startCuttingProxy, type CuttingProxy } from './support/cutting-proxy.ts';
import { noMariadbd, startOwnMariadb } from './support/own-mariadb.ts';

const { skip } = mariadb;
const ignored = (): undefined => undefined;

const order = (number: number) => ({
  id: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
  number,
  placedAt: new Date(0),
  paid: false,
  total: 1,
  weight: 1n,
  tags: [],
  version: 1,
});

const withCuts = async (
  work: (database: Database, proxy: CuttingProxy, direct: Database) => Promise<void>,
  options: DatabaseOptions = {},
): Promise<void> => {
  const { url, remove } = await createTestDatabase(mariadb.url);
  const direct = await openDatabase(url);
  await direct.migrate(migrations);
  await using proxy = await startCuttingProxy(url);
  const database = await openDatabase(proxy.through(url), options);
  try {
    await work(database, proxy, direct);
  } finally {
    await database.close();
    await direct.close();
    await remove();
  }
};

for (const when of ['before', 'after'] as const) {
  t.test(`cut ${when} the COMMIT arrived: the outcome is unknown, and nothing is tried again`, { skip }, (t) =>
    withCuts(async (database, proxy, direct) => {
      let runs = 0;
      proxy.cutNext({ at: /COMMIT\b/, when });
      await t.rejects(
        database.transaction(async (tx) => {
          runs += 1;
          await orders.insert(tx, order(1));
        }),
        { name: 'CommitOutcomeUnknownError', code: 'COMMIT_OUTCOME_UNKNOWN' },
      );
      t.equal(runs, 1);
      t.equal(await orders.count(direct), when === 'after' ? 1 : 0);
      await database.transaction((tx) => orders.insert(tx, order(2)));
    }),
  );

  t.test(`cut ${when} the COMMIT arrived: whoever repeats with the key gets one effect`, { skip }, (t) =>
    withCuts(async (database, proxy, direct) => {
      const request: IdempotencyRequest = { subject: 's', method: 'POST', route: '/r', key: 'k', fingerprint: 'f' };
      const units = createUnitOfWork(database, { now: () => new Date() });
      const attempt = async (number: number) => {
        const unit = await units.open({ cause: { correlationId: 'c' }, idempotency: request });
        if (unit.outcome !== 'fresh') return unit.outcome;
        return unit.commit(
          async (tx) => {
            await orders.insert(tx, order(number));
            return 'made';
          },
          () => ({ keep: true, answer: { status: 201, headers: {} } }),
        );
      };
      proxy.cutNext({ at: /COMMIT\b/, when });
      await t.rejects(attempt(1), { name: 'CommitOutcomeUnknownError' });
      t.equal(await attempt(2), when === 'after' ? 'replay' : 'made');
      t.equal(await orders.count(direct), 1);
    }),
  );

  t.test(`cut ${when} another statement arrived: all of it is undone, and done again`, { skip }, (t) =>
    withCuts(async (database, proxy, direct) => {
      let runs = 0;
      proxy.cutNext({ at: /insert into `orders`/, when });
      await database.transaction(async (tx) => {
        runs += 1;
        await orders.insert(tx, order(1));
        await orders.insert(tx, order(2));
      });
      t.equal(runs, 2);
      t.equal(proxy.cuts, 1);
      t.equal(await orders.count(direct), 2);
    }),
  );
}

t.test('a key that another process holds is waited for one second, and then it is busy', { skip }, (t) =>
  withCuts(async (database, _, direct) => {
    const request: IdempotencyRequest = { subject: 's', method: 'POST', route: '/r', key: 'k', fingerprint: 'f' };
    const clock = { now: () => new Date() };
    const open = async (on: Database) => {
      const unit = await createUnitOfWork(on, clock).open({ cause: { correlationId: 'c' }, idempotency: request });
      if (unit.outcome !== 'fresh') throw new Error(unit.outcome);
      return unit.commit;
    };
    const entered = Promise.withResolvers<void>();
    const leave = Promise.withResolvers<void>();
    const [first, second] = [await open(direct), await open(database)];
    const slow = first(
      async () => {
        entered.resolve();
        await leave.promise;
      },
      () => ({ keep: true, answer: { status: 201, headers: {} } }),
    );
    await entered.promise;
    const started = performance.now();
    await t.rejects(
      second(
        async () => undefined,
        () => ({ keep: true, answer: { status: 201, headers: {} } }),
      ),
      { name: 'KeyTakenError', taken: { outcome: 'busy', retryAfterSeconds: 1 } },
    );
    t.ok(performance.now() - started < 4_000, 'once, and not five times');
    leave.resolve();
    await slow;
  }),
);

t.test('a process that hangs in a transaction loses it, and its lock', { skip }, (t) =>
  withCuts(
    async (database, _, direct) => {
      await direct.transaction((tx) => orders.insert(tx, order(1)));
      const lock = (on: Database, total: number, then: () => Promise<void>) =>
        on.transaction(async (tx) => {
          await orders.first(tx, { number: 1 }, { forUpdate: true });
          await then();
          await orders.update(tx, { number: 1 }, { total });
        });
      const locked = Promise.withResolvers<void>();
      const wakes = Promise.withResolvers<void>();
      let tries = 0;
      const hung = lock(database, 7, async () => {
        tries += 1;
        locked.resolve();
        if (tries === 1) await wakes.promise;
        else throw new Error('it was told that it had lost it');
      });
      await locked.promise;
      await lock(direct, 8, async () => undefined);
      wakes.resolve();
      await t.rejects(hung, /it was told/);
      t.match(await orders.first(direct, { number: 1 }), { total: 8 });
    },
    { idleTransactionMs: 1_000 },
  ),
);

t.test('a server of their own', { timeout: 240_000 }, async (t) => {
  const missing = await noMariadbd();
  if (missing) {
    if (process.env['CI']) t.fail(missing);
    else t.plan(0, missing);
    return;
  }
  await using server = await startOwnMariadb();
  await administer(server.url, (run) => run('CREATE DATABASE shop'));
  const options = { connectTimeoutMs: 500, acquireTimeoutMs: 1_000, queryTimeoutMs: 1_500, poolSize: 2 };
  const url = `${server.url}/shop`;

  await t.test('one that hangs holds nobody up for longer than is promised', (t) => hangs(t, url, options, server));
  await t.test('one that is killed is found again', (t) => isKilled(t, url, options, server));
});

type Server = Awaited<ReturnType<typeof startOwnMariadb>>;

async function hangs(
  t: Test,
  url: string,
  options: Required<Pick<DatabaseOptions, 'acquireTimeoutMs' | 'queryTimeoutMs'>>,
  server: Server,
) {
  const database = await openDatabase(url, options);
  await database.migrate(migrations);
  const entered = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  const inside = database.transaction(async (tx) => {
    await orders.insert(tx, order(1));
    entered.resolve();
    await goOn.promise;
    await orders.insert(tx, order(2));
  });
  await entered.promise;
  await server.signal('SIGSTOP');
  goOn.resolve();
  const started = performance.now();
  // More than there are connections, so that some wait for one.
  const work = [
    inside,
    ...Array.from({ length: 6 }, () => orders.count(database)),
    ...Array.from({ length: 6 }, (_, n) => database.transaction((tx) => orders.insert(tx, order(10 + n)))),
  ];
  const outcomes = await Promise.all(
    work.map((one) => one.then(ignored, (error: unknown) => ({ error, ms: performance.now() - started }))),
  );
  const bound = options.acquireTimeoutMs + options.queryTimeoutMs;
  for (const outcome of outcomes) {
    t.match(outcome?.error, { name: 'DatabaseUnavailableError' });
    t.ok((outcome?.ms ?? Infinity) < bound + 500, `${Math.round(outcome?.ms ?? 0)} ms of ${bound}`);
  }
  await server.signal('SIGCONT');
  await until('it answers again', () =>
    database.knex.raw('select 1').then(
      () => true,
      () => false,
    ),
  );
  await database.transaction((tx) => orders.insert(tx, order(20)));
  await until('what had been open is undone', async () => {
    const numbers = (await orders.find(database)).map((row) => row.number);
    return !numbers.includes(1) && !numbers.includes(2) && numbers.includes(20);
  });
  await database.close();
}

async function isKilled(t: Test, url: string, options: DatabaseOptions, server: Server) {
  const database = await openDatabase(url, options);
  await database.migrate(migrations);
  const written: number[] = [];
  const stopping = new AbortController();
  const writer = async (base: number): Promise<void> => {
    for (let n = base; !stopping.signal.aborted; n += 1) {
      try {
        await database.transaction((tx) => orders.insert(tx, order(n)));
        written.push(n);
      } catch (error) {
        t.match((error as Error).name, /^(DatabaseUnavailableError|CommitOutcomeUnknownError)$/);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  };
  const writers = [1_000, 100_000, 200_000].map(writer);
  await until('some are written', () => written.length > 50);
  await server.signal('SIGKILL');
  await t.rejects(database.knex.raw('select 1'), { name: 'DatabaseUnavailableError' });
  await server.start();
  const before = written.length;
  await until('more are written', () => written.length > before + 50);
  stopping.abort();
  await Promise.all(writers);
  const stored = new Set((await orders.find(database)).map((row) => row.number));
  t.same(
    written.filter((number) => !stored.has(number)),
    [],
    'nothing that was acknowledged is missing',
  );
  await database.close();
}
