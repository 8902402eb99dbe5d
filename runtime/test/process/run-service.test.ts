import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';

const main = fileURLToPath(new URL('fixture/orders/main.ts', import.meta.url));

const folder = mkdtempSync(join(tmpdir(), 'run-service-'));
t.teardown(() => rmSync(folder, { recursive: true, force: true }));
let count = 0;

/** The service as a process of its own, with a database of its own. */
const run = (
  env: Record<string, string> = {},
): { child: ChildProcess; message: Promise<unknown>; ended: Promise<unknown[]> } => {
  count += 1;
  const child = fork(main, {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv: ['--conditions=parkwise-source', '--disable-warning=ExperimentalWarning'],
    env: {
      PATH: process.env['PATH'],
      PARKWISE_MODE: 'development',
      PARKWISE_PORT: '0',
      PARKWISE_DATABASE_URL: `sqlite:${folder}/${count}.sqlite`,
      PARKWISE_EVENTS_URL: `sqlite:${folder}/events-${count}.sqlite`,
      PARKWISE_AUDIENCE: 'shop',
      PARKWISE_DEVELOPMENT_ISSUER: 'http://issuer.invalid',
      PARKWISE_DEVELOPMENT_JWKS_URL: 'http://issuer.invalid/jwks.json',
      PARKWISE_TOKEN_URL: 'http://issuer.invalid/token',
      PARKWISE_CLIENT_SECRET: 'secret',
      PARKWISE_URL_STOCK: 'http://stock.invalid',
      ...env,
    },
  });
  t.teardown(() => void child.kill('SIGKILL'));
  return { child, message: once(child, 'message').then(([first]) => first as unknown), ended: once(child, 'exit') };
};

t.test('a service says when it is ready, answers, and stops gracefully on SIGTERM', async (t) => {
  const { child, message, ended } = run();
  const { type, port } = (await message) as { type: string; port: number };
  t.equal(type, 'ready');
  const health = await fetch(`http://127.0.0.1:${port}/health/ready`);
  t.strictSame([health.status, await health.json()], [200, { status: 'ready' }]);
  child.kill('SIGTERM');
  t.strictSame(await ended, [0, null]);
});

t.test('it leaves Ctrl+C to the process that started it, and stops when that is gone', async (t) => {
  const { child, message, ended } = run();
  const { port } = (await message) as { port: number };
  child.kill('SIGINT');
  // By the second answer the signal has arrived.
  const health = async () => (await fetch(`http://127.0.0.1:${port}/health/ready`)).status;
  t.strictSame([await health(), await health()], [200, 200]);
  child.disconnect();
  t.strictSame(await ended, [0, null]);
});

t.test('demo data is filled in before it is ready, and told', async (t) => {
  const { child, message, ended } = run({ PARKWISE_DEMO: 'true' });
  t.strictSame(await message, { type: 'demo', notes: ['order demo-1 is there'] });
  child.kill('SIGTERM');
  await ended;
});

t.test('what keeps it from starting has a code, and ends it with 2', async (t) => {
  const wrong = run({ PARKWISE_AUDIENCE: '', ORDERS_REMINDER_MINUTES: 'soon' });
  t.match(await wrong.message, {
    type: 'failed',
    code: 'configuration',
    message: /PARKWISE_AUDIENCE(.|\n)*ORDERS_REMINDER_MINUTES/,
  });
  t.strictSame(await wrong.ended, [2, null]);

  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  t.teardown(() => void holder.close());
  const { port } = holder.address() as AddressInfo;
  const taken = run({ PARKWISE_PORT: String(port) });
  t.match(await taken.message, {
    type: 'failed',
    code: 'port-taken',
    message: `port ${port} is taken by another program`,
  });
  t.strictSame(await taken.ended, [2, null]);

  const nowhere = run({ PARKWISE_DATABASE_URL: `sqlite:${main}/data.sqlite` });
  t.match(await nowhere.message, { type: 'failed', code: 'database' });
  t.strictSame(await nowhere.ended, [2, null]);
});

t.test('a secret is in nothing that a service tells, not even when it cannot start', async (t) => {
  const password = 'canary"%40-3f9a27c1';
  const secret = 'canary-of-the-client-81d2';
  const { child, message, ended } = run({
    PARKWISE_DATABASE_URL: `mysql://orders:${encodeURIComponent(password)}@127.0.0.1:1/orders`,
    PARKWISE_CLIENT_SECRET: secret,
  });
  let printed = '';
  child.stderr?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const told = JSON.stringify(await message);
  t.match(told, /"code":"database"/);
  await ended;
  for (const text of [told, printed])
    for (const canary of [password, encodeURIComponent(password), JSON.stringify(password).slice(1, -1), secret])
      t.notOk(text.includes(canary));
});
