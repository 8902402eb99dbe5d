import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import t from 'tap';
import type { MigratedDatabase } from '../../src/platform/migrate.ts';
import { openShop } from './shop.ts';

const schema = JSON.parse(
  readFileSync(new URL('../../schemas/migrate.schema.json', import.meta.url), 'utf8'),
) as object;
const isDeclared = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);

t.test('status tells what is missing and makes nothing; up applies it once; status agrees', async (t) => {
  await using shop = await openShop();
  const databases = async (...args: string[]): Promise<readonly MigratedDatabase[]> => {
    const value = JSON.parse((await shop.run('migrate', ...args, '--json')).stdout) as {
      databases: MigratedDatabase[];
    };
    t.ok(isDeclared(value), 'as its schema says', { errors: isDeclared.errors });
    return value.databases;
  };
  const before = await shop.run('migrate', 'status');
  t.equal(before.code, 1);
  t.match(before.stdout, /^orders {2}sqlite:.*orders\.sqlite\n(.*\n)* {2}0001-orders +pending\n/);
  t.match(before.stdout, /→ "parkwise migrate up" applies what is pending/);
  const file = join(shop.root, '.parkwise/data/orders.sqlite');
  t.notOk(existsSync(file), 'looking makes no database');

  // Two at once: each migration is applied by one of them.
  const both = await Promise.all([databases('up', 'orders'), databases('up', 'orders')]);
  const applied = both.flatMap(([database]) => database?.applied ?? []);
  t.strictSame(applied.toSorted(), [...new Set(applied)].toSorted());
  t.ok(applied.includes('0001-orders'));

  const [orders, stock] = await databases('status');
  t.ok(orders?.migrations.every(({ state, appliedAt }) => state === 'applied' && appliedAt !== null));
  t.ok(
    stock?.migrations.every(({ state }) => state === 'pending'),
    'the other was not named',
  );
  t.match(await shop.run('migrate', 'up'), { code: 0, stdout: /0001-taken +applied now/ });
  t.match(await shop.run('migrate', 'up', '--json'), { code: 0, stdout: /"applied": \[\]/ });
  t.match(await shop.run('migrate', 'status'), { code: 0 });
});

t.test('what does not fit is told, with what to do', async (t) => {
  await using shop = await openShop();
  t.equal((await shop.run('migrate', 'up', 'orders')).code, 0);
  const file = join(shop.root, 'services/orders/migrations/0001-orders.ts');
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, `${text}\nexport const more = 1;\n`);
  t.match(await shop.run('migrate', 'status', 'orders'), { code: 1, stdout: /0001-orders +changed[^]*new migration/ });
  t.match(await shop.run('migrate', 'up', 'orders'), { code: 1, stderr: /orders: Migration 0001-orders .*changed/ });
  renameSync(file, `${file}.away`);
  // Not named like a migration: refused before anything is read.
  t.match(await shop.run('migrate', 'status', 'orders'), { code: 1, stderr: /must be named NNNN-name/ });
  t.match(await shop.run('migrate', 'status', 'order'), { code: 2, stderr: /no service order/ });
  t.match(await shop.run('migrate', 'up', '--stack', 'external'), { code: 2, stderr: /PARKWISE_MARIADB_URL/ });
});
