/** The external stack, on real servers: see `runtime/test/backends.ts` for where they are. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { kafka, mariadb, redis } from '../../../runtime/test/backends.ts';
import { administer } from '../../../runtime/src/persistence/mariadb/administer.ts';
import type { ListedService } from '../../src/platform/list-services.ts';
import { runFiles } from '../../src/platform/run-files.ts';
import { externalStack } from '../../src/platform/stack/external-stack.ts';
import { openShop, type Shop } from './shop.ts';

const skip = [mariadb, kafka, redis].map((server) => server.skip).find((reason) => reason !== false) ?? false;
const namespace = `shop-${randomBytes(4).toString('hex')}`;
const canary = `canary-${randomBytes(9).toString('hex')}`;
const admin = `${namespace}-admin`;

const withUser = (url: string, user: string, password: string): string => {
  const made = new URL(url);
  Object.assign(made, { username: user, password });
  return made.href;
};

/** An administrator with a password, which must appear nowhere. */
const makeAdmin = (): Promise<void> =>
  administer(mariadb.url, async (run) => {
    await run('CREATE USER ?@? IDENTIFIED BY ?', [admin, '%', canary]);
    await run('GRANT ALL PRIVILEGES ON *.* TO ?@? WITH GRANT OPTION', [admin, '%']);
  });

const cleanUp = async (): Promise<void> => {
  await administer(mariadb.url, async (run) => {
    for (const name of ['orders', 'stock'].map((service) => `${namespace}_${service}`)) {
      await run('DROP DATABASE IF EXISTS ??', [name]);
      await run('DROP USER IF EXISTS ?@?', [name, '%']);
    }
    await run('DROP USER IF EXISTS ?@?', [admin, '%']);
  });
  const { Kafka, logLevel } = (await import('kafkajs')).default;
  const broker = new Kafka({ brokers: [new URL(kafka.url).host], logLevel: logLevel.NOTHING }).admin();
  await broker.connect();
  const groups = (await broker.listGroups()).groups.map(({ groupId }) => groupId);
  await broker.deleteGroups(groups.filter((group) => group.startsWith(namespace)));
  await broker.deleteTopics({
    topics: (await broker.listTopics()).filter((topic) => topic.startsWith(`${namespace}.`)),
  });
  await broker.disconnect();
};

const list = async (shop: Shop): Promise<readonly ListedService[]> =>
  JSON.parse((await shop.run('ps', '--json')).stdout) as ListedService[];

/** Everything that the platform has written below the folder, but for the secrets, which only their owner can read. */
const texts = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('/secrets'))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));

/** What Linux lets the owner of a process see of it. */
const ofProcess = (pid: number, file: 'cmdline' | 'environ'): string =>
  process.platform === 'linux' ? readFileSync(`/proc/${pid}/${file}`, 'latin1') : '';

t.test('what is missing or malformed is named, with what to do', async (t) => {
  await using shop = await openShop();
  t.match(await shop.run('up', '--redis-url', 'localhost'), {
    code: 2,
    stderr: /the embedded stack cannot be used(.|\n)*PARKWISE_REDIS_URL is no URL of Redis/,
  });
  t.match(await shop.run('up', '--stack', 'external'), {
    code: 2,
    stderr:
      /PARKWISE_MARIADB_URL is not set(.|\n)*PARKWISE_KAFKA_URL is not set(.|\n)*PARKWISE_REDIS_URL is not set(.|\n)*\.env/,
  });
  writeFileSync(
    join(shop.root, '.env'),
    `PARKWISE_STACK=external\nPARKWISE_MARIADB_URL=mysql://root:${canary}@/shop\nPARKWISE_REDIS_URL=none\n`,
  );
  const wrong = await shop.run('up', '--detach', '--kafka-url', 'localhost:9092');
  t.match(wrong, {
    code: 2,
    stderr: /PARKWISE_MARIADB_URL is no URL of MariaDB(.|\n)*PARKWISE_KAFKA_URL is no URL of Kafka/,
  });
  t.notMatch(wrong.stdout + wrong.stderr, canary);
  writeFileSync(
    join(shop.root, '.env'),
    'PARKWISE_MODE=production\nPARKWISE_MARIADB_URL=mysql://root@db:3306\nPARKWISE_KAFKA_URL=kafka://shop:changeme@broker:9092\nPARKWISE_REDIS_URL_FILE=/nowhere\n',
  );
  t.match(await shop.run('up', '--stack', 'external'), {
    code: 2,
    stderr: /PARKWISE_REDIS_URL_FILE names a file that cannot be read/,
  });
  t.match(await shop.run('up', '--stack', 'external', '--redis-url', 'none'), {
    code: 2,
    stderr:
      /PARKWISE_MARIADB_URL has no password(.|\n)*PARKWISE_KAFKA_URL has a password that is too weak for production: it is shorter/,
  });
});

t.test('servers that are away are waited for, and named', async (t) => {
  const refused = createServer().listen(0, '127.0.0.1');
  await once(refused, 'listening');
  const { port } = refused.address() as AddressInfo;
  await new Promise((resolve) => refused.close(resolve));
  await using shop = await openShop({
    PARKWISE_WAIT: 'PT0.6S',
    PARKWISE_STACK: 'external',
    PARKWISE_MARIADB_URL: `mysql://root:${canary}@127.0.0.1:${port}`,
    PARKWISE_KAFKA_URL: `kafka://127.0.0.1:${port}`,
    PARKWISE_REDIS_URL: 'none',
  });
  const up = await shop.up().ended;
  t.match(up, {
    code: 1,
    stderr: new RegExp(
      `waiting for MariaDB at 127.0.0.1:${port} \\(ECONNREFUSED\\)(.|\\n)*cannot be reached(.|\\n)*Start it, or mend PARKWISE_`,
    ),
  });
  t.notMatch(up.stdout + up.stderr, canary);
  t.match(await list(shop), [{ status: 'stopped' }, { status: 'stopped' }]);
});

t.test('services on MariaDB, Kafka and Redis', { skip }, async (t) => {
  await makeAdmin();
  t.teardown(cleanUp);
  await using shop = await openShop();
  const urlFile = join(shop.root, 'mariadb-url');
  writeFileSync(urlFile, `${withUser(mariadb.url, admin, canary)}\n`);
  writeFileSync(
    join(shop.root, '.env'),
    `PARKWISE_NAMESPACE=${namespace}\nPARKWISE_MARIADB_URL_FILE=${urlFile}\nPARKWISE_KAFKA_URL=kafka://not.here\nPARKWISE_REDIS_URL=${redis.url}\n`,
  );
  const up = await shop.up('--detach', '--stack', 'external', '--scale', 'orders=2', '--kafka-url', kafka.url).ended;
  t.equal(up.code, 0, up.stderr);
  t.match(up.stdout, 'shop is up on the external stack');
  t.match(up.stdout, 'Order demo is there.');
  const services = await list(shop);
  t.match(services, [{ name: 'orders/1' }, { name: 'orders/2' }, { name: 'stock', status: 'ready' }]);

  const token = (await shop.run('token', '--scope', 'orders:write')).stdout.trim();
  const headers = { authorization: `Bearer ${token}` };
  const placed = await fetch(`${shop.url(1)}/v1/orders/order-1`, { method: 'POST', headers });
  t.match(await placed.json(), { orderId: 'order-1' });
  const published = await shop.run('events', 'publish', 'OrderPlaced', '--data', '{"orderId":"order-2"}', '--json');
  t.match(JSON.parse(published.stdout), { topic: `${namespace}.shop.orders.events` }, published.stderr);
  const tail = shop.start('events', 'tail', '--from-beginning', '--follow', '--json');
  for (const id of ['order-1', 'order-2']) t.match(JSON.parse(await tail.line(new RegExp(id))), { key: id });
  tail.signal('SIGINT');
  await tail.ended;

  const passwords = JSON.parse(readFileSync(join(shop.root, '.parkwise/secrets/databases.json'), 'utf8')) as Record<
    string,
    string
  >;
  const passwordOf = (service: string): string =>
    Object.entries(passwords).find(([account]) => account.startsWith(`${namespace}_${service}@`))?.[1] ?? '';
  const asStock = `${withUser(mariadb.url, `${namespace}_stock`, passwordOf('stock')).replace(/\/?$/, '')}/${namespace}_stock`;
  await administer(asStock, async (run) => {
    while ((await run('SELECT id FROM taken')).length < 2) await new Promise(setImmediate);
    t.strictSame(
      (await run('SELECT id FROM taken ORDER BY id')).map(({ id }) => id as string),
      ['order-1', 'order-2'],
    );
    await t.rejects(
      run('SELECT * FROM ??.orders', [`${namespace}_orders`]),
      /denied/,
      'the database of another is closed',
    );
    t.notMatch(
      (await run('SHOW DATABASES')).map((row) => Object.values(row)[0]),
      [`${namespace}_orders`],
    );
  });

  // Secrets: the administrator's, and those that were made.
  const secrets = [canary, ...Object.values(passwords)];
  t.equal(statSync(join(shop.root, '.parkwise/secrets/databases.json')).mode & 0o777, 0o600);
  const supervisor = Number(
    /"pid": (\d+)/.exec(readFileSync(join(shop.root, '.parkwise/run/state.json'), 'utf8'))?.[1],
  );
  const pids = [supervisor, ...services.map(({ pid }) => pid ?? -1)];
  const seen = [
    up.stdout + up.stderr,
    (await shop.run('ps', '--json')).stdout,
    published.stdout,
    ...texts(join(shop.root, '.parkwise/run')),
    ...texts(join(shop.root, '.parkwise/data')),
    ...pids.map((pid) => ofProcess(pid, 'cmdline')),
  ];
  for (const secret of secrets)
    t.notOk(
      seen.some((text) => text.includes(secret)),
      'a secret appears nowhere',
    );
  const environments = services.map(({ pid }) => ofProcess(pid ?? -1, 'environ'));
  t.notOk(
    environments.some((text) => text.includes(canary) || text.includes(urlFile)),
    "no service knows the administrator's",
  );
  const [orders = '', , stock = ''] = environments;
  t.notOk(
    orders.includes(passwordOf('stock')) || stock.includes(passwordOf('orders')),
    'nor what another signs in with',
  );

  t.equal((await shop.run('down')).stdout, 'stopped\n');
  rmSync(join(shop.root, '.parkwise/data'), { recursive: true });
  mkdirSync(join(shop.root, '.parkwise/data'));
  // Filling was cut off, as far as we know: the database says that it was not.
  const again = await shop.up('--detach', '--stack', 'external', '--kafka-url', kafka.url).ended;
  t.equal(again.code, 0, again.stderr);
  t.match(again.stdout, 'Order demo is there.', 'what the demo data told is known from the database');
  t.strictSame(
    await (await fetch(`${shop.url(1)}/v1/orders`)).json(),
    { count: 2 },
    'what was stored is there, demo data once',
  );
});

t.test('a database whose filling was cut off is emptied and filled anew, any other stays', { skip }, async (t) => {
  const root = mkdtempSync(join(tmpdir(), 'external-'));
  const name = `${namespace}_orders`;
  t.teardown(async () => {
    rmSync(root, { recursive: true });
    await cleanUp();
  });
  const files = runFiles(root);
  mkdirSync(files.data, { recursive: true });
  const service = {
    name: 'orders',
    directory: '/',
    external: false,
    port: 1,
    store: 'sql',
    demo: true,
    scale: 1,
  } as const;
  const platform = { name: 'shop', root, portBase: 4000, security: {}, services: [service] };
  const servers = {
    mariadbUrl: mariadb.url,
    kafkaUrl: kafka.url,
    namespace,
    databasePrefix: namespace,
    databaseUrls: {},
    passwords: {},
  };
  const stack = externalStack({ platform, servers, files, waitMs: 1_000 });
  await stack.prepare(platform, { progress: () => undefined, signal: new AbortController().signal });
  const orders = () =>
    administer(
      mariadb.url,
      async (run) => (await run('SELECT 1 FROM information_schema.tables WHERE table_schema = ?', [name])).length,
    );
  const store = () =>
    administer(mariadb.url, async (run) => void (await run('CREATE TABLE ??.orders (id INT)', [name])));

  t.ok(await stack.wantsDemo(service), 'it is empty');
  await store();
  t.ok(await stack.wantsDemo(service), 'we began to fill it, and it does not say that we finished');
  t.equal(await orders(), 0);
  await store();
  stack.demoOver('orders');
  t.notOk(await stack.wantsDemo(service));
  rmSync(files.data, { recursive: true });
  mkdirSync(files.data);
  t.notOk(await stack.wantsDemo(service), 'one of which we know nothing stays as it is');
  t.equal(await orders(), 1);
});
