import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { ConfigurationError } from '../../src/configuration/configuration-error.ts';
import { configurationOf } from '../../src/configuration/configuration-of.ts';
import { loadConfiguration } from '../../src/configuration/load-configuration.ts';
import { parseDuration } from '../../src/configuration/parse-duration.ts';
import type { ConfigurationSchema } from '../../src/configuration/schema.ts';
import type { ServiceTables } from '../../src/process/service-definition.ts';

const schema = {
  holdMinutes: { type: 'integer', description: 'How long goods are held.', minimum: 1, maximum: 60, default: 15 },
  warehouse: { type: 'string', description: 'Where from.', pattern: '^[a-z]+$' },
  gift: { type: 'boolean', description: 'Wrap.', default: false },
  patience: { type: 'duration', description: 'How long we wait.', default: 'PT2S' },
  signingKey: { type: 'string', description: 'Signs.', secret: true, default: 'changeme' },
} as const satisfies ConfigurationSchema;

const development = { PARKWISE_MODE: 'development' };

const faultsOf = (read: () => unknown): Record<string, string> => {
  try {
    read();
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return Object.fromEntries(error.faults.map(({ name, problem }) => [name, problem]));
  }
  return {};
};

t.test('settings are read by the naming rule, with defaults and units', async (t) => {
  const env = {
    ...development,
    STOCK_KEEPING_HOLD_MINUTES: '20',
    STOCK_KEEPING_WAREHOUSE: 'north',
    STOCK_KEEPING_GIFT: 'true',
  };
  t.strictSame(
    { ...configurationOf(schema, 'stock-keeping', env) },
    { holdMinutes: 20, warehouse: 'north', gift: true, patience: 2000, signingKey: 'changeme' },
  );
});

t.test('every wrong setting is named at once, with what was expected and without its value', async (t) => {
  const env = {
    ...development,
    STOCK_KEEPING_HOLD_MINUTES: '61',
    STOCK_KEEPING_GIFT: 'yes',
    STOCK_KEEPING_PATIENCE: 'P1Y',
    STOCK_KEEPING_SIGNING_KEY_FILE: '/nowhere/top-secret',
  };
  t.throws(() => configurationOf(schema, 'stock-keeping', env), {
    code: 'configuration',
    message: [
      'wrong settings:',
      '  STOCK_KEEPING_HOLD_MINUTES has a value that is not an integer from 1 up to 60',
      '  STOCK_KEEPING_WAREHOUSE is not set; expected a text that matches ^[a-z]+$',
      '  STOCK_KEEPING_GIFT has a value that is not true or false',
      '  STOCK_KEEPING_PATIENCE has a value that is not an ISO 8601 duration such as PT15M',
      '  STOCK_KEEPING_SIGNING_KEY_FILE does not name a readable file',
    ].join('\n'),
  });
});

t.test('a secret is read from its file first, without the line end', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'configuration-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'key');
  writeFileSync(file, 'from-a-file-0123456789\n');
  const env = {
    STOCK_KEEPING_WAREHOUSE: 'north',
    STOCK_KEEPING_SIGNING_KEY: 'not-this-0123456789',
    STOCK_KEEPING_SIGNING_KEY_FILE: file,
  };
  t.equal(configurationOf(schema, 'stock-keeping', env).signingKey, 'from-a-file-0123456789');
});

t.test('production takes neither a default nor a weak secret, and never prints it', async (t) => {
  const env = { STOCK_KEEPING_WAREHOUSE: 'north' };
  t.strictSame(
    faultsOf(() => configurationOf(schema, 'stock-keeping', env)),
    { STOCK_KEEPING_SIGNING_KEY: 'missing' },
  );
  const weak = { ...env, STOCK_KEEPING_SIGNING_KEY: 'hunter2' };
  t.strictSame(
    faultsOf(() => configurationOf(schema, 'stock-keeping', weak)),
    { STOCK_KEEPING_SIGNING_KEY: 'weak' },
  );
  t.throws(() => configurationOf(schema, 'stock-keeping', weak), {
    message:
      'wrong settings:\n  STOCK_KEEPING_SIGNING_KEY is too weak for production: expected a secret of at least 16 characters',
  });
});

const tables = (parts: Partial<ServiceTables>): ServiceTables => ({
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
  ...parts,
});

t.test('what the contracts call for must be there', async (t) => {
  const calling = tables({
    securitySchemes: { oauth2: { kind: 'bearer' } },
    clients: {
      'stock-keeping': {
        service: 'stock-keeping',
        basePath: '/v1',
        operations: {
          find: { method: 'get', path: '/', scopes: ['stock:read'], timeoutMs: 1, retries: 0, validate: {} },
        },
      },
    },
  });
  t.strictSame(
    faultsOf(() => loadConfiguration(calling, {})),
    {
      PARKWISE_DATABASE_URL: 'missing',
      PARKWISE_AUDIENCE: 'missing',
      PARKWISE_ISSUER: 'missing',
      PARKWISE_JWKS_URL: 'missing',
      PARKWISE_TOKEN_URL: 'missing',
      PARKWISE_CLIENT_SECRET: 'missing',
      PARKWISE_URL_STOCK_KEEPING: 'missing',
    },
  );
  t.strictSame(
    faultsOf(() => loadConfiguration(tables({}), development)),
    {},
    'a service that needs nothing starts with nothing',
  );
});

t.test('production refuses the development issuer and keys', async (t) => {
  const env = {
    PARKWISE_DATABASE_URL: 'sqlite::memory:',
    PARKWISE_DEVELOPMENT_ISSUER: 'http://127.0.0.1:4099',
    PARKWISE_DEVELOPMENT_JWKS_URL: 'http://127.0.0.1:4099/jwks.json',
    PARKWISE_DEVELOPMENT_API_KEY_SECRET: 'long-enough-to-be-none-of-the-weak',
  };
  t.strictSame(
    faultsOf(() => loadConfiguration(tables({}), env)),
    {
      PARKWISE_DEVELOPMENT_ISSUER: 'invalid',
      PARKWISE_DEVELOPMENT_JWKS_URL: 'invalid',
      PARKWISE_DEVELOPMENT_API_KEY_SECRET: 'invalid',
    },
  );
  t.strictSame(
    faultsOf(() => loadConfiguration(tables({}), { ...env, ...development })),
    {},
  );
});

t.test('calls are limited in production, in development only if that is asked for', async (t) => {
  const production = { PARKWISE_DATABASE_URL: 'sqlite::memory:' };
  const requests = (env: Record<string, string>) => loadConfiguration(tables({}), env).runtime.rateLimitRequests;
  t.equal(requests(production), 6000);
  t.equal(requests({ ...production, PARKWISE_RATE_LIMIT_REQUESTS: '0' }), 0);
  t.equal(requests(development), 0);
  t.equal(requests({ ...development, PARKWISE_RATE_LIMIT_REQUESTS: '7' }), 7);
});

t.test('durations', async (t) => {
  const cases: [string, number | undefined][] = [
    ['PT15M', 900_000],
    ['P1DT2H', 93_600_000],
    ['P2W', 1_209_600_000],
    ['PT0.25S', 250],
    ['P', undefined],
    ['PT', undefined],
    ['P1M', undefined],
    ['15m', undefined],
  ];
  for (const [text, expected] of cases) t.equal(parseDuration(text), expected, text);
});
