/** `parkwise migrate` and `doctor` on real servers, by the settings of `parkwise up --stack external`. */
import { randomBytes } from 'node:crypto';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { kafka, mariadb } from '../../../runtime/test/backends.ts';
import { administer } from '../../../runtime/src/persistence/mariadb/administer.ts';
import type { Examination } from '../../src/platform/doctor/doctor.ts';
import type { MigratedDatabase } from '../../src/platform/migrate.ts';
import { openShop } from './shop.ts';

const namespace = `migrate-${randomBytes(4).toString('hex')}`;
const databases = ['orders', 'stock'].map((service) => `${namespace}_${service}`);

const existing = (): Promise<readonly string[]> =>
  administer(mariadb.url, async (run) =>
    (await run('SHOW DATABASES')).map((row) => String(row['Database'])).filter((name) => databases.includes(name)),
  );

t.test('on MariaDB, where .env says', { skip: mariadb.skip || kafka.skip }, async (t) => {
  t.teardown(() =>
    administer(mariadb.url, async (run) => {
      for (const name of databases) {
        await run('DROP DATABASE IF EXISTS ??', [name]);
        await run('DROP USER IF EXISTS ?@?', [name, '%']);
      }
    }),
  );
  await using shop = await openShop();
  const urlFile = join(shop.root, 'mariadb-url');
  writeFileSync(urlFile, `${mariadb.url}\n`);
  const dotEnv = join(shop.root, '.env');
  writeFileSync(dotEnv, `PARKWISE_NAMESPACE=${namespace}\nPARKWISE_MARIADB_URL_FILE=${urlFile}\n`);
  const migrate = async (...args: string[]): Promise<readonly MigratedDatabase[]> => {
    const { stdout, stderr } = await shop.run('migrate', ...args, '--stack', 'external', '--json');
    if (stdout === '') throw new Error(stderr);
    return (JSON.parse(stdout) as { databases: MigratedDatabase[] }).databases;
  };
  const states = (database: MigratedDatabase | undefined) => [
    ...new Set(database?.migrations.map(({ state }) => state)),
  ];

  const before = await shop.run('migrate', 'status', '--stack', 'external');
  t.equal(before.code, 1, before.stderr);
  t.match(before.stdout, new RegExp(`^orders {2}mysql://.*/${namespace}_orders\\n(.*\\n)* {2}0001-orders +pending\\n`));
  t.strictSame(await existing(), [], 'looking makes no database');

  // Two at once: each migration is applied by one of them.
  const both = await Promise.all([migrate('up', 'orders'), migrate('up', 'orders')]);
  const applied = both.flatMap(([database]) => database?.applied ?? []);
  t.strictSame(applied.toSorted(), [...new Set(applied)].toSorted());
  t.ok(applied.includes('0001-orders'));
  t.strictSame(await existing(), [`${namespace}_orders`], 'the other was not named');
  t.match(both[0]?.[0]?.database, `mysql://${namespace}_orders:***@`, 'by an account of its own');

  const [orders, stock] = await migrate('status');
  t.strictSame([states(orders), states(stock)], [['applied'], ['pending']]);

  appendFileSync(dotEnv, `PARKWISE_STACK=external\nPARKWISE_KAFKA_URL=${kafka.url}\nPARKWISE_REDIS_URL=none\n`);
  const { stack, diagnoses } = JSON.parse((await shop.run('doctor', '--json')).stdout) as Examination;
  t.equal(stack, 'external');
  const of = (check: string, subject: string) =>
    diagnoses.find((diagnosis) => diagnosis.check === check && diagnosis.subject === subject);
  for (const check of ['mariadb', 'mariadb-rights', 'mariadb-isolation', 'mariadb-clock', 'migrations'])
    t.match(of(check, 'orders'), { verdict: 'ok' }, check);
  t.match(of('mariadb', 'stock'), { verdict: 'ok', message: /is not there yet: "parkwise up" makes it/ });
  t.match(of('migrations', 'stock'), { verdict: 'ok', message: /the database is new/ });
  t.match(of('redis', ''), { verdict: 'warning', message: 'PARKWISE_REDIS_URL is none' });

  t.match(await shop.run('migrate', 'up'), { code: 0, stdout: /0001-taken +applied now/ });
  t.match(await shop.run('migrate', 'status'), { code: 0 });
  appendFileSync(join(shop.root, 'services/orders/migrations/0001-orders.ts'), '\nexport const more = 1;\n');
  t.match(await shop.run('migrate', 'status', 'orders'), { code: 1, stdout: /0001-orders +changed/ });
  t.match(await shop.run('migrate', 'up', 'orders'), { code: 1, stderr: /orders: Migration 0001-orders .*changed/ });
});
