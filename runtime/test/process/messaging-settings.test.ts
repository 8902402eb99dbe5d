import t from 'tap';
import { runtimeSettings, type RuntimeSettings } from '../../src/configuration/runtime-settings.ts';
import { readSettings } from '../../src/configuration/read-settings.ts';
import { consumerSettings, relaySettings } from '../../src/process/messaging-settings.ts';
import { startService } from '../../src/process/start-service.ts';
import { testLog } from '../../src/testing/test-log.ts';
import orders from './fixture/orders/service.ts';

const settings = (env: Record<string, string> = {}): RuntimeSettings =>
  readSettings(runtimeSettings, 'PARKWISE', { env, production: false }).values;

t.test('delays, intervals and leases come from the environment', async (t) => {
  t.same(consumerSettings(settings()), { parkedPollMs: 1_000 });
  t.same(consumerSettings(settings({ PARKWISE_RETRY_DELAYS: 'PT0.05S,PT1M', PARKWISE_POLL_INTERVAL: 'PT0.2S' })), {
    parkedPollMs: 200,
    retryMs: [50, 60_000],
  });
  t.same(relaySettings(settings({ PARKWISE_RELAY_LEASE: 'PT2S', PARKWISE_BACKOFF_LIMIT: 'PT0.5S' })), {
    pollMs: 1_000,
    leaseMs: 2_000,
    backoff: { baseMs: 100, maxMs: 500 },
  });
  t.throws(() => consumerSettings(settings({ PARKWISE_RETRY_DELAYS: 'PT1H1H' })), /PARKWISE_RETRY_DELAYS .*durations/);
});

const env = {
  PARKWISE_MODE: 'development',
  PARKWISE_PORT: '0',
  PARKWISE_AUDIENCE: 'shop',
  PARKWISE_DEVELOPMENT_ISSUER: 'http://issuer.invalid',
  PARKWISE_DEVELOPMENT_JWKS_URL: 'http://issuer.invalid/jwks.json',
  PARKWISE_CLIENT_SECRET: 'secret',
  PARKWISE_TOKEN_URL: 'http://issuer.invalid/token',
  PARKWISE_URL_STOCK: 'http://stock.invalid',
};

t.test('a service starts and is ready while its broker is away, and stops without it', async (t) => {
  const log = testLog();
  const service = await startService(orders, { env: { ...env, PARKWISE_EVENTS_URL: 'kafka://127.0.0.1:1' }, log });
  t.equal((await fetch(`${service.url}/health/ready`)).status, 200);
  await service.stop();
});

t.test('a URL of no transport is a wrong setting, told without what stands in it', async (t) => {
  const start = startService(orders, { env: { ...env, PARKWISE_EVENTS_URL: 'amqp://me:hidden@one' }, log: testLog() });
  const error: unknown = await start.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  t.match(error, { code: 'events', message: /must be kafka/ });
  t.notMatch(String(error), /hidden/);
});
