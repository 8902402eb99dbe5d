import { rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import t from 'tap';
import type { ListedService } from '../../src/platform/list-services.ts';
import { isRunning, markProcess, waitUntilGone } from '../../src/platform/process-info.ts';
import { openShop, type Shop } from './shop.ts';

const list = async (shop: Shop): Promise<readonly ListedService[]> =>
  JSON.parse((await shop.run('ps', '--json')).stdout) as ListedService[];

const pidOf = async (shop: Shop, name: string): Promise<number> =>
  (await list(shop)).find((service) => service.name === name)?.pid ?? -1;

const get = async (url: string): Promise<unknown> => (await fetch(url)).json();

t.test('up --detach returns when all are ready; they work together; down ends them', async (t) => {
  await using shop = await openShop();
  const up = await shop.up('--detach').ended;
  t.equal(up.code, 0, up.stderr);
  t.match(up.stdout, `orders              ${shop.url(1)}`);
  t.match(up.stdout, 'Order demo is there.', 'what the demo data tells');

  const services = await list(shop);
  t.match(services, [
    { name: 'orders', url: shop.url(1), status: 'ready', pid: Number, restarts: 0, memory: Number },
    { name: 'stock', url: shop.url(2), status: 'ready', pid: Number, restarts: 0, memory: Number },
  ]);
  t.strictSame(await get(`${shop.url(1)}/v1/orders`), { count: 1 }, 'the demo data is there');

  const token = (await shop.run('token', '--scope', 'orders:write', '--sub', 'ann')).stdout.trim();
  const tail = shop.start('events', 'tail', 'shop.orders.events', '--from-beginning', '--follow', '--json');
  const placed = await fetch(`${shop.url(1)}/v1/orders/order-1`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
  });
  t.strictSame(await placed.json(), { orderId: 'order-1', left: 10 }, 'orders asks stock with a token of its own');
  t.match(JSON.parse(await tail.line(/order-1/)), {
    topic: 'shop.orders.events',
    key: 'order-1',
    value: { orderId: 'order-1' },
  });
  tail.signal('SIGINT');
  t.equal((await tail.ended).code, 0);

  t.match(await shop.up().ended, { code: 1, stderr: /is up already.*parkwise down/s }, 'not twice');
  t.equal((await shop.run('down')).stdout, 'stopped\n');
  t.match(await list(shop), [
    { name: 'orders', status: 'stopped', pid: null, memory: null },
    { name: 'stock', status: 'stopped', pid: null },
  ]);
  t.ok(
    await waitUntilGone(
      services.map(({ pid }) => ({ pid: pid ?? -1, started: '' })),
      0,
    ),
    'no process is left',
  );
  t.equal(statSync(join(shop.root, '.parkwise/secrets/clients.json')).mode & 0o777, 0o600);
});

t.test('a service that is killed is started again, the others stay', async (t) => {
  await using shop = await openShop();
  const up = shop.up();
  await up.line(/shop is up/);
  const [orders, stock] = [await pidOf(shop, 'orders'), await pidOf(shop, 'stock')];
  process.kill(orders, 'SIGKILL');
  await up.line(/orders .*was ended by SIGKILL; starting again in 0.25 s/);
  await up.line(/orders .*ready(.|\n)*/);
  const after = await untilReady(shop);
  t.not(after.find(({ name }) => name === 'orders')?.pid, orders);
  t.match(after, [{ restarts: 1 }, { restarts: 0, pid: stock }]);
  up.signal('SIGINT');
  t.equal((await up.ended).code, 0, 'the first Ctrl+C stops gracefully');
  t.notOk(isRunning({ pid: stock, started: '' }));
});

const untilReady = async (shop: Shop): Promise<readonly ListedService[]> => {
  for (;;) {
    const services = await list(shop);
    if (services.every(({ status }) => status === 'ready')) return services;
  }
};

t.test('what a killed supervisor leaves behind is gone soon, and the next up repairs the rest', async (t) => {
  await using shop = await openShop();
  const up = shop.up();
  await up.line(/shop is up/);
  const headers = { authorization: `Bearer ${(await shop.run('token', '--scope', 'orders:write')).stdout.trim()}` };
  t.equal((await fetch(`${shop.url(1)}/v1/orders/order-1`, { method: 'POST', headers })).status, 200);
  const services = (await list(shop)).map(({ pid }) => markProcess(pid ?? -1));
  process.kill(up.pid, 'SIGKILL');
  const again = await shop.up('--detach').ended;
  t.equal(again.code, 0, again.stderr);
  t.ok(await waitUntilGone(services, 0));
  t.match(await list(shop), [{ status: 'ready' }, { status: 'ready' }]);
  t.strictSame(
    await get(`${shop.url(1)}/v1/orders`),
    { count: 2 },
    'what was stored is still there, demo data and all',
  );
});

t.test('a taken port is told with what to do, and nothing is started', async (t) => {
  await using shop = await openShop();
  const other = createServer().listen(shop.portBase + 2, '127.0.0.1');
  await once(other, 'listening');
  t.teardown(() => void other.close());
  const up = await shop.up('--detach').ended;
  t.match(up, {
    code: 1,
    stderr: new RegExp(`port ${shop.portBase + 2} of stock is taken.*--port-base`, 's'),
  });
  t.match(await list(shop), [{ status: 'stopped' }, { status: 'stopped' }]);
});

t.test('a broken migration is told by its file', async (t) => {
  await using shop = await openShop();
  writeFileSync(
    join(shop.root, 'services/stock/migrations/0002-broken.ts'),
    "export const up = async (knex) => { await knex.raw('select nonsense'); };\n",
  );
  const up = await shop.up().ended;
  t.match(up, {
    code: 1,
    stderr: /stock cannot start: .*0002-broken.*no such column: nonsense.*→ Mend the migration/s,
  });
  t.equal((await shop.run('down')).stdout, 'nothing was running\n');
});

t.test('a missing handler is told by its file, and generate is named', async (t) => {
  await using shop = await openShop();
  rmSync(join(shop.root, 'services/orders/src/application/place-order.ts'));
  const up = await shop.up('--detach').ended;
  t.match(up, {
    code: 1,
    stderr:
      /orders cannot start: the handler services\/orders\/src\/application\/place-order.ts is missing.*parkwise generate orders.*printed is in .parkwise\/run\/up.log/s,
  });
});

t.test('code that is not generated yet is told before anything is started', async (t) => {
  await using shop = await openShop();
  rmSync(join(shop.root, 'services/stock/src/generated'), { recursive: true });
  t.match(await shop.up().ended, {
    code: 2,
    stderr: /services\/stock\/src\/generated\/main.ts is missing.*parkwise generate stock/s,
  });
});

t.test('a second Ctrl+C ends at once what does not stop', async (t) => {
  await using shop = await openShop();
  writeFileSync(
    join(shop.root, 'services/stock/src/generated/main.ts'),
    "process.on('SIGTERM', () => console.log('no')); process.send?.({ type: 'ready', port: 1 }); setInterval(() => {}, 1000);\n",
  );
  const up = shop.up();
  await up.line(/shop is up/);
  const stock = await pidOf(shop, 'stock');
  up.signal('SIGINT');
  await up.line(/stock .*no/);
  // Two at once count as one, because a terminal and npm both send it: so press until it takes.
  const pressing = setInterval(() => up.signal('SIGINT'), 50);
  t.equal((await up.ended).code, 130);
  clearInterval(pressing);
  t.ok(await waitUntilGone([{ pid: stock, started: '' }], 5000));
});

t.test('--json makes every line of the log one JSON object', async (t) => {
  await using shop = await openShop();
  const up = shop.up('--json');
  await up.line(/"msg":"ready","name":"shop"/);
  up.signal('SIGTERM');
  const { code, stdout } = await up.ended;
  t.equal(code, 0);
  for (const line of stdout.trim().split('\n')) t.type((JSON.parse(line) as { service: string }).service, 'string');
});
