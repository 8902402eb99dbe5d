import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { ListedService } from '../../src/platform/list-services.ts';
import { waitUntilGone } from '../../src/platform/process-info.ts';
import { startLoad } from './load.ts';
import { openResting } from './resting-connections.ts';
import { openShop, type Shop } from './shop.ts';

const list = async (shop: Shop): Promise<readonly ListedService[]> =>
  JSON.parse((await shop.run('ps', '--json')).stdout) as ListedService[];

const untilReady = async (shop: Shop): Promise<readonly ListedService[]> => {
  for (;;) {
    const services = await list(shop);
    if (services.every(({ status }) => status === 'ready')) return services;
  }
};

const bearer = async (shop: Shop, scope: string) => ({
  authorization: `Bearer ${(await shop.run('token', '--scope', scope)).stdout.trim()}`,
});

/** Over a connection of its own. */
const get = (url: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(url, { headers: { connection: 'close', ...headers } });

t.test('several processes of a service behind one port', async (t) => {
  await using shop = await openShop({ PARKWISE_RESTART_DELAY: 'PT3S' });
  const file = join(shop.root, 'parkwise.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace('port: 4001', 'port: 4001\n    scale: 2'));
  const up = await shop.up('--detach', '--scale', 'stock=2').ended;
  t.equal(up.code, 0, up.stderr);
  t.match(up.stdout, `orders              ${shop.url(1)} (2 processes)`);
  const before = await list(shop);
  const one = { status: 'ready', restarts: 0, pid: Number, memory: Number };
  t.match(before, [
    { name: 'orders/1', service: 'orders', url: shop.url(1), ...one },
    { name: 'orders/2', service: 'orders', url: shop.url(1), ...one },
    { name: 'stock/1', service: 'stock', url: shop.url(2), ...one },
    { name: 'stock/2', service: 'stock', url: shop.url(2), ...one },
  ]);
  t.strictSame(await (await get(`${shop.url(1)}/v1/orders`)).json(), { count: 1 }, 'the demo data is there, once');

  const headers = await bearer(shop, 'orders:write');
  let placed = 0;
  const load = startLoad({
    perSecond: 60,
    send(index) {
      if (index % 4 !== 0) return { method: 'GET', url: `${shop.url(1)}/v1/orders` };
      placed += 1;
      return { method: 'POST', url: `${shop.url(1)}/v1/orders/order-${index}`, headers };
    },
  });
  const resting = await openResting(`${shop.url(1)}/v1/orders`, 6);
  const restarted = await shop.run('restart', '--json');
  const { sent, outcomes } = await load.stop();
  t.equal(restarted.code, 0, restarted.stderr);
  t.strictSame(JSON.parse(restarted.stdout), { restarted: ['orders', 'stock'] });
  t.strictSame(outcomes, { '200': sent }, 'no request fails while every process is replaced');
  t.equal(await resting.answering(), 6, 'connections that rest outlive the processes that had them');
  const after = await list(shop);
  t.match(after, [one, one, one, one]);
  for (const [at, { pid }] of after.entries()) t.not(pid, before[at]?.pid);
  t.strictSame(await (await get(`${shop.url(1)}/v1/orders`)).json(), { count: 1 + placed });
  const stockHeaders = await bearer(shop, 'stock:read');
  const pieces = async (): Promise<number> =>
    ((await (await get(`${shop.url(2)}/v1/stock`, stockHeaders)).json()) as { pieces: number }).pieces;
  while ((await pieces()) !== 10 - placed) await new Promise(setImmediate);
  t.pass('each message had its effect once, whichever processes sent and received it');

  const [first] = after;
  process.kill(first?.pid ?? -1, 'SIGKILL');
  while ((await list(shop))[0]?.pid === first?.pid) await new Promise(setImmediate);
  const statuses = await Promise.all(
    Array.from({ length: 20 }, async () => (await get(`${shop.url(1)}/v1/orders`)).status),
  );
  t.strictSame([...new Set(statuses)], [200], 'a crash of one leaves the others serving');
  t.match(await untilReady(shop), [{ restarts: 1 }, { restarts: 0 }, { restarts: 0 }, { restarts: 0 }]);

  const handler = join(shop.root, 'services/orders/src/application/place-order.ts');
  const code = readFileSync(handler, 'utf8');
  writeFileSync(handler, code.replace('export const placeOrder', 'const placeOrder'));
  t.match(await shop.run('restart', 'orders'), {
    code: 1,
    stderr: /orders cannot be restarted, and runs as before: .*place-order.ts.*placeOrder/,
  });
  writeFileSync(handler, code);
  t.equal((await get(`${shop.url(1)}/v1/orders`)).status, 200);
  t.match(await shop.run('restart', 'ordres'), { code: 2, stderr: /no service ordres(.|\n)*Did you mean "orders"/ });

  t.equal((await shop.run('down')).stdout, 'stopped\n');
  const pids = [...after, ...(await list(shop))].flatMap(({ pid }) => pid ?? []);
  t.ok(
    await waitUntilGone(
      pids.map((pid) => ({ pid, started: '' })),
      0,
    ),
    'no process is left',
  );
  t.match(await shop.run('restart'), { code: 1, stderr: /nothing runs here/ });
  t.match(await list(shop), [{ name: 'orders/1', status: 'stopped' }, {}, { name: 'stock' }]);
});

t.test('where processes cannot share a port each has its own, and callers go to those that answer', async (t) => {
  await using shop = await openShop({
    PARKWISE_REUSE_PORT: 'false',
    PARKWISE_RESTART_DELAY: 'PT30S',
    PARKWISE_RESTART_DELAY_MAX: 'PT30S',
  });
  const up = shop.up('--scale', 'stock=2');
  await up.line(/shop is up/);
  t.match(await up.line(/^ {2}stock /), `${shop.url(2)}, ${shop.url(102)} (2 processes)`);
  const services = await list(shop);
  t.match(services, [{}, { name: 'stock/1', url: shop.url(2) }, { name: 'stock/2', url: shop.url(102) }]);
  process.kill(services[1]?.pid ?? -1, 'SIGKILL');
  await up.line(/stock\/1 .*was ended by SIGKILL/);
  const headers = await bearer(shop, 'orders:write');
  for (const id of ['order-1', 'order-2', 'order-3', 'order-4']) {
    const placed = await fetch(`${shop.url(1)}/v1/orders/${id}`, { method: 'POST', headers });
    t.match(await placed.json(), { orderId: id, left: /^\d+$/ });
  }
  up.signal('SIGINT');
  t.equal((await up.ended).code, 0, 'Ctrl+C stops all of them');
  t.ok(
    await waitUntilGone(
      services.map(({ pid }) => ({ pid: pid ?? -1, started: '' })),
      0,
    ),
  );
});

t.test('how many processes of which service is said rightly, or refused', async (t) => {
  await using shop = await openShop();
  t.match(await shop.run('up', '--scale', 'ordres=2'), {
    code: 2,
    stderr: /no service ordres(.|\n)*Did you mean "orders"/,
  });
  t.match(await shop.run('up', '--scale', 'payment=2'), { code: 2, stderr: /payment to scale: it is external/ });
  t.match(await shop.run('up', '--scale', 'orders'), { code: 2, stderr: /--scale orders=3/ });
});
