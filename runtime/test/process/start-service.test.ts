import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { HOUSEKEEPING } from '../../src/persistence/housekeeping.ts';
import { openDatabase } from '../../src/persistence/open-database.ts';
import { idempotencyKeys, inbox, outbox } from '../../src/persistence/runtime-tables.ts';
import { readDemoState } from '../../src/platform.ts';
import type { AnyServiceDefinition } from '../../src/process/any-service-definition.ts';
import { startService } from '../../src/process/start-service.ts';
import type { StartOptions } from '../../src/process/start-options.ts';
import { mintDevelopmentApiKey } from '../../src/security/development-api-keys.ts';
import { manualClock } from '../../src/testing/manual-clock.ts';
import { testLog } from '../../src/testing/test-log.ts';
import { echo, route } from '../http/serve-routes.ts';
import orders from './fixture/orders/service.ts';

const folder = mkdtempSync(join(tmpdir(), 'start-service-'));
t.teardown(() => rmSync(folder, { recursive: true, force: true }));
let count = 0;
const newFile = (): string => join(folder, `${(count += 1)}.sqlite`);

const read = route({ operationId: 'read', path: '/read', security: [{ headerKey: ['orders:read'] }] });
/** A service with one operation, which asks for an API key. */
const keyed = {
  ...orders,
  tables: {
    ...orders.tables,
    routes: [read],
    securitySchemes: { headerKey: { kind: 'apiKey', in: 'header', name: 'X-Api-Key' } },
    clients: {},
    documents: {
      openapi: () => ({
        openapi: '3.1.0',
        paths: { '/read': { get: { operationId: 'read', responses: { 200: { description: 'Read.' } } } } },
      }),
    },
  },
  bind: (needs: never) => ({ ...orders.bind(needs), operations: { read: echo } }),
} as const;

const development = {
  PARKWISE_MODE: 'development',
  PARKWISE_AUDIENCE: 'shop',
  PARKWISE_DEVELOPMENT_ISSUER: 'http://issuer.invalid',
  PARKWISE_DEVELOPMENT_JWKS_URL: 'http://issuer.invalid/jwks.json',
  PARKWISE_CLIENT_SECRET: 'secret',
  PARKWISE_TOKEN_URL: 'http://issuer.invalid/token',
  PARKWISE_URL_STOCK: 'http://stock.invalid',
};

const start = async (
  definition: AnyServiceDefinition,
  { env = {}, file = newFile(), ...options }: Partial<StartOptions> & { readonly file?: string } = {},
) => {
  const service = await startService(definition, {
    env: {
      PARKWISE_PORT: '0',
      PARKWISE_DATABASE_URL: `sqlite:${file}`,
      PARKWISE_EVENTS_URL: 'sqlite::memory:',
      ...env,
    },
    log: testLog(),
    jobTimers: false,
    ...options,
  });
  return { ...service, [Symbol.asyncDispose]: () => service.stop() };
};

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const call = (url: string, key: string) => fetch(`${url}/read`, { headers: { 'x-api-key': key } });

t.test('API keys that the settings name are accepted, from a file as well', async (t) => {
  const entry = { name: 'partner', sha256: sha256('key-1'), scopes: ['orders:read'] };
  const file = join(folder, 'keys.json');
  writeFileSync(file, JSON.stringify([entry]));
  for (const env of [{ PARKWISE_API_KEYS: JSON.stringify([entry]) }, { PARKWISE_API_KEYS_FILE: file }]) {
    await using service = await start(keyed, { env });
    t.match(await (await call(service.url, 'key-1')).json(), { auth: { subject: 'partner' } });
    t.equal((await call(service.url, 'key-2')).status, 401);
  }
  const wrong = JSON.stringify([{ ...entry, sha256: 'canary' }]);
  await t.rejects(start(keyed, { env: { PARKWISE_API_KEYS: wrong } }), {
    code: 'configuration',
    message: /PARKWISE_API_KEYS .*API key 1: sha256/,
  });
});

t.test('keys for development are accepted there, and production does not start with them', async (t) => {
  const env = { PARKWISE_DEVELOPMENT_API_KEY_SECRET: 'the-secret-of-this-machine' };
  const key = mintDevelopmentApiKey('the-secret-of-this-machine', { name: 'ann', scopes: ['orders:read'], roles: [] });
  await using service = await start(keyed, { env: { ...development, ...env } });
  t.match(await (await call(service.url, key)).json(), { auth: { subject: 'ann', scheme: 'headerKey' } });
  await t.rejects(start(keyed, { env }), { code: 'configuration', message: /PARKWISE_DEVELOPMENT_API_KEY_SECRET/ });
});

t.test('a rate limit is what the settings say, and the served contract knows of it', async (t) => {
  const clock = manualClock('2026-03-02T09:00:00Z');
  const secret = { PARKWISE_DEVELOPMENT_API_KEY_SECRET: 'the-secret-of-this-machine' };
  const keyOf = (name: string) =>
    mintDevelopmentApiKey('the-secret-of-this-machine', { name, scopes: ['orders:read'], roles: [] });
  const statuses = async (url: string) => {
    const { paths } = (await (await fetch(`${url}/openapi.json`)).json()) as {
      paths: Record<string, { get: { responses: object } }>;
    };
    return Object.keys(paths['/read']?.get.responses ?? {});
  };
  const limits = { PARKWISE_RATE_LIMIT_REQUESTS: '2', PARKWISE_RATE_LIMIT_WINDOW: 'PT30S' };
  await using limited = await start(keyed, { clock, env: { ...development, ...secret, ...limits } });
  const first = await call(limited.url, keyOf('ann'));
  t.equal(first.headers.get('ratelimit-policy'), '"default";q=2;w=30');
  t.equal(first.headers.get('ratelimit'), '"default";r=1;t=30');
  t.equal((await call(limited.url, keyOf('ann'))).status, 200);
  const refused = await call(limited.url, keyOf('ann'));
  t.match([refused.status, refused.headers.get('retry-after')], [429, '30']);
  t.equal((await call(limited.url, keyOf('bob'))).status, 200, 'others are not');
  clock.advance('PT30S');
  t.equal((await call(limited.url, keyOf('ann'))).status, 200);
  t.ok((await statuses(limited.url)).includes('429'));

  await using open = await start(keyed, { env: { ...development, ...secret } });
  t.equal((await call(open.url, keyOf('ann'))).headers.get('ratelimit'), null);
  t.notOk((await statuses(open.url)).includes('429'));
  await using production = await start(keyed);
  t.ok((await statuses(production.url)).includes('429'), 'in production there is one');
});

t.test('what the runtime has stored and needs no more is deleted', async (t) => {
  const file = newFile();
  const clock = manualClock('2026-03-02T09:00:00Z');
  await using service = await start(keyed, { file, clock });
  const database = await openDatabase(`sqlite:${file}`);
  t.teardown(() => database.close());
  const at = clock.now();
  await database.transaction(async (tx) => {
    await idempotencyKeys.insert(tx, { id: 'key', fingerprint: 'f', createdAt: at });
    await inbox.insert(tx, { consumer: 'orders', eventId: 'event', handledAt: at });
    const row = { shard: 0, topic: 'a', aggregateId: 'a', headers: {}, payload: '{}', createdAt: at };
    await outbox.insert(tx, { ...row, eventId: '01900000-0000-7000-8000-000000000001', publishedAt: at });
  });
  const left = () => Promise.all([idempotencyKeys, inbox, outbox].map((table) => database.knex(table.name).select()));
  const counts = async (): Promise<readonly number[]> => (await left()).map((rows) => rows.length);

  await service.runJob(HOUSEKEEPING);
  t.strictSame(await counts(), [1, 1, 1], 'nothing is old');
  clock.advance('PT2H');
  await service.runJob(HOUSEKEEPING);
  t.strictSame(await counts(), [1, 1, 0], 'what was sent goes first');
  clock.advance('P3D');
  await service.runJob(HOUSEKEEPING);
  t.strictSame(await counts(), [0, 1, 0]);
  clock.advance('P31D');
  await service.runJob(HOUSEKEEPING);
  t.strictSame(await counts(), [0, 0, 0]);
});

t.test('demo data is filled in once, whatever the one who asks for it remembers', async (t) => {
  const file = newFile();
  const env = { ...development, PARKWISE_DEMO: 'true' };
  const told: (readonly string[])[] = [];
  const onDemo = (notes: readonly string[]) => void told.push(notes);
  for (let run = 0; run < 2; run += 1) await (await start(orders, { file, env, onDemo })).stop();
  t.strictSame(told, [['order demo-1 is there'], ['order demo-1 is there']]);
  t.strictSame(readDemoState(file), { state: 'filled', notes: ['order demo-1 is there'] });
});

t.test('a filling that was cut off is known as such', async (t) => {
  const file = newFile();
  const env = { ...development, PARKWISE_DEMO: 'true' };
  const cut = { ...orders, demo: () => Promise.reject(new Error('killed')) };
  await t.rejects(start(cut, { file, env }), { code: 'demo' });
  t.strictSame(readDemoState(file), { state: 'unfinished' });
  await t.rejects(start(orders, { file, env }), { code: 'demo', message: /remove it/ });
});

t.test('a service without demo data says that nothing is unfinished', async (t) => {
  const file = newFile();
  const { demo: _, ...plain } = orders;
  await using _running = await start(plain, { file, env: { ...development, PARKWISE_DEMO: 'true' } });
  t.strictSame(readDemoState(file), { state: 'filled', notes: [] });
});
