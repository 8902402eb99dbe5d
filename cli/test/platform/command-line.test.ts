import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { developmentApiKeys } from '../../../runtime/src/security/development-api-keys.ts';
import { openShop } from './shop.ts';

t.test('results go to stdout, what went wrong to stderr, and the exit code tells which', async (t) => {
  await using shop = await openShop();
  const help = await shop.run('--help');
  t.match(help, { code: 0, stdout: /COMMANDS[^]*up .*no container/, stderr: '' });
  t.strictSame(await shop.run('--help'), help, 'the second time it is remembered');
  t.match(await shop.run('events', '--help'), { code: 0, stdout: /events publish[^]*events tail/ });
  t.match(await shop.run('ps', '--colour'), { code: 2, stdout: '', stderr: /Nonexistent flag: --colour/ });
  t.match(await shop.run('upp'), { code: 2, stderr: /command upp not found/ });
  const json = await shop.run('up', '--json', '--port-base', 'high');
  t.equal(json.code, 2);
  t.match(JSON.parse(json.stdout), { error: { code: 'usage' } });

  writeFileSync(join(shop.root, 'parkwise.yaml'), 'version: 1\nname: shop\nservices: { orders: { port: here } }\n');
  t.match(await shop.run('up'), { code: 2, stderr: /parkwise.yaml:3:\d+ / });
  rmSync(join(shop.root, 'parkwise.yaml'));
  t.match(await shop.run('ps'), { code: 2, stderr: /no parkwise.yaml in .*parkwise init/s });
});

t.test('an API key is the same secret for all, readable by its owner alone', async (t) => {
  await using shop = await openShop();
  const keyOf = async (...args: string[]) => (await shop.run('token', '--api-key', ...args)).stdout.trim();
  const [first, second] = await Promise.all([keyOf('--sub', 'ann', '--scope', 'a b'), keyOf('--sub', 'ann')]);
  const file = join(shop.root, '.parkwise/secrets/api-key-secret');
  t.equal(statSync(file).mode & 0o777, 0o600);
  const keys = developmentApiKeys(readFileSync(file, 'utf8').trim());
  t.strictSame(keys.find('any', first ?? ''), { name: 'ann', scopes: ['a', 'b'], roles: [] });
  t.strictSame(keys.find('other', second ?? ''), { name: 'ann', scopes: [], roles: [] });
});

t.test('a message is checked against its contract before it is in the log', async (t) => {
  await using shop = await openShop();
  t.match(await shop.run('events', 'tail'), { code: 1, stderr: /there is no event log yet/ });
  const publish = (name: string, data: string) => shop.run('events', 'publish', name, '--data', data);
  t.match(await publish('OrderPlaced', '{"orderId":"a"}'), {
    code: 1,
    stderr: /\/orderId must NOT have fewer than 2 characters/,
  });
  t.match(await publish('OrderPlced', '{}'), { code: 2, stderr: /Did you mean "OrderPlaced"/ });
  t.match(await publish('OrderPlaced', '{orderId'), { code: 2, stderr: /--data cannot be read/ });
  t.match(await publish('order-placed', '{"orderId":"order-7"}'), {
    code: 0,
    stdout: /shop.orders.events \(key order-7\)/,
  });
  const lines = (await shop.run('events', 'tail', '--json')).stdout.trim().split('\n');
  t.match(
    lines.map((line): unknown => JSON.parse(line)),
    [
      {
        topic: 'shop.orders.events',
        key: 'order-7',
        value: { orderId: 'order-7' },
        headers: { ce_type: 'OrderPlaced' },
      },
    ],
  );
  t.match(await shop.run('events', 'tail', 'nothing'), { code: 1, stderr: /no topic nothing[^]*shop.orders.events/ });
});
