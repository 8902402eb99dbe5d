import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { ConfigurationError } from '../../src/configuration/configuration-error.ts';
import { loadConfiguration } from '../../src/configuration/load-configuration.ts';
import { urlCredentials, withoutPassword } from '../../src/configuration/url-password.ts';
import { weaknessOf } from '../../src/configuration/weak-secret.ts';
import { withoutSecrets } from '../../src/configuration/without-secrets.ts';
import { isHashOfDefault } from '../../src/security/hash-of-default.ts';
import { knownApiKeys } from '../../src/process/known-api-keys.ts';

const tables = {
  name: 'orders',
  routes: [],
  securitySchemes: {},
  messages: [],
  topics: [],
  consumers: [],
  clients: {},
  documents: {},
  directory: new URL('file:///orders/'),
  configuration: {},
};
const strong = 'nR4-vqLx0w8Tz2_KpYe7';

const faultsOf = (env: Record<string, string>): Record<string, string> => {
  try {
    loadConfiguration(tables, env);
    return {};
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    for (const value of Object.values(env)) {
      if (value.length > 4 && error.message.includes(value))
        throw new Error(`the message holds ${value}`, { cause: error });
    }
    return Object.fromEntries(error.faults.map(({ name, problem, expected }) => [name, `${problem}: ${expected}`]));
  }
};

t.test('what a weak secret is', async (t) => {
  for (const [secret, why] of [
    ['hunter2', /shorter/],
    ['changeme-changeme', /well-known default/],
    ['Super_Secret_Password_1', /well-known default/],
    ['1234567890123456789', /well-known default/],
    ['orders-orders-2024', /name/],
    ['aaaaaaaaaaaaaaaabbbb', /repeats/],
    ['abcdefghijklmnopqrs', /sequence/],
  ] as const)
    t.match(weaknessOf(secret, ['orders']), why, secret);
  for (const secret of [strong, 'correct-horse-battery-staple', '5f2c9a01d47be8365f2c9a01d47be836'])
    t.equal(weaknessOf(secret, ['orders']), undefined, secret);
});

t.test('production asks for a strong password in each URL of a server, and names the setting', async (t) => {
  const url = (password: string) => `mysql://orders:${password}@db.internal:3306/shop_orders`;
  t.match(faultsOf({ PARKWISE_DATABASE_URL: url('short') }), {
    PARKWISE_DATABASE_URL: /weak: its URL's password .*16.*shorter/,
  });
  t.match(faultsOf({ PARKWISE_DATABASE_URL: url('ordersordersorders') }), { PARKWISE_DATABASE_URL: /a name/ });
  t.match(
    faultsOf({
      PARKWISE_DATABASE_URL: 'mysql://orders@db.internal/shop_orders',
      PARKWISE_EVENTS_URL: 'kafka://one:9092,two:9092',
      PARKWISE_REDIS_URL: 'redis://:@cache:6379',
    }),
    {
      PARKWISE_DATABASE_URL: /weak: a password in its URL, or PARKWISE_TRUSTED_NETWORK=true/,
      PARKWISE_EVENTS_URL: /weak: a password/,
      PARKWISE_REDIS_URL: /weak: a password/,
    },
  );
  const signedIn = {
    PARKWISE_DATABASE_URL: url(strong),
    PARKWISE_EVENTS_URL: 'kafka://one:9092?tls=true&tlsCert=/client.pem&tlsKey=/client.key',
    PARKWISE_REDIS_URL: `redis://:${strong}@cache:6379`,
  };
  t.strictSame(faultsOf(signedIn), {});
  t.strictSame(
    faultsOf({ PARKWISE_DATABASE_URL: 'sqlite:/data.sqlite', PARKWISE_EVENTS_URL: 'sqlite:///log.sqlite' }),
    {},
  );
  const open = { PARKWISE_DATABASE_URL: url(strong), PARKWISE_EVENTS_URL: 'kafka://one:9092' };
  t.strictSame(faultsOf({ ...open, PARKWISE_TRUSTED_NETWORK: 'true' }), {});
  t.strictSame(
    faultsOf({ PARKWISE_MODE: 'development', PARKWISE_DATABASE_URL: url('short') }),
    {},
    'not so in development',
  );
});

t.test('each URL may stand in a file', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'secrets-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'url');
  writeFileSync(file, `mysql://orders:${strong}@db/shop_orders\n`);
  const { runtime, secrets } = loadConfiguration(tables, { PARKWISE_DATABASE_URL_FILE: file });
  t.equal(runtime.databaseUrl, `mysql://orders:${strong}@db/shop_orders`);
  t.strictSame(secrets, [runtime.databaseUrl]);
});

t.test('an API key that everybody knows is refused by its hash', async (t) => {
  const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
  t.ok(isHashOfDefault(sha256('Changeme123'), 'shop'));
  t.ok(isHashOfDefault(sha256('shop-key'), 'shop'));
  t.notOk(isHashOfDefault(sha256(strong), 'shop'));
  const apiKeys = JSON.stringify([{ name: 'partner', sha256: sha256('changeme') }]);
  const { runtime } = loadConfiguration(tables, {
    PARKWISE_DATABASE_URL: 'sqlite::memory:',
    PARKWISE_API_KEYS: apiKeys,
  });
  t.throws(() => knownApiKeys(runtime), /PARKWISE_API_KEYS is too weak for production.*key 1/);
});

t.test('secrets are kept out of texts, however they are written', async (t) => {
  const url = 'mysql://orders:p%40ss%22word@db/orders';
  t.strictSame(urlCredentials(url), { user: 'orders', password: 'p@ss"word' });
  t.equal(withoutPassword(url), 'mysql://orders:***@db/orders');
  t.equal(withoutPassword('kafka://u:a/b@c@host:9092?sasl=plain'), 'kafka://u:***@host:9092?sasl=plain');
  const clean = withoutSecrets([url, strong]);
  t.equal(
    clean(`${url} p@ss"word ${JSON.stringify({ msg: 'p@ss"word' })} ${strong} orders`),
    `mysql://orders:***@db/orders *** {"msg":"***"} *** orders`,
  );
});
