import t from 'tap';
import { currentContext, runWithContext } from '../../src/observability/context.ts';
import { createLogger } from '../../src/observability/create-logger.ts';
import { createMetrics } from '../../src/observability/metrics.ts';
import { continueTrace, parseTraceparent } from '../../src/observability/trace-context.ts';

const logged = (level: 'info' | 'debug' = 'info') => {
  const lines: Record<string, unknown>[] = [];
  const log = createLogger({
    service: 'orders',
    level,
    destination: { write: (line) => void lines.push(JSON.parse(line)) },
    allow: ['orderId'],
  });
  return { log, lines };
};

t.test('a line has the service, the ids of the call, and what is allowed', (t) => {
  const { log, lines } = logged();
  log.info(
    {
      operationId: 'getOrder',
      orderId: 7,
      password: 'canary',
      token: 'canary',
      body: { a: 'canary' },
      headers: { cookie: 'canary' },
      reason: { nested: 'canary' },
      errors: ['x', { a: 'canary' }],
    },
    'request',
  );
  runWithContext({ correlationId: 'c', causationId: 'm' }, () => log.warn({}, 'in a call'));
  log.debug({}, 'too quiet');
  t.match(lines, [
    {
      level: 'info',
      service: 'orders',
      message: undefined,
      msg: 'request',
      operationId: 'getOrder',
      orderId: 7,
      password: '[redacted]',
      body: '[redacted]',
      reason: '[redacted]',
      errors: ['x', '[redacted]'],
    },
    { level: 'warn', correlationId: 'c', causationId: 'm' },
  ]);
  t.equal(lines.length, 2);
  t.notMatch(JSON.stringify(lines), 'canary');
  t.end();
});

t.test('the values of secrets are blotted out wherever a line has them', (t) => {
  const printed: string[] = [];
  const password = 'canary"-0c1d';
  const log = createLogger({
    service: 'orders',
    destination: { write: (line) => void printed.push(line) },
    secrets: [`mysql://orders:${encodeURIComponent(password)}@db/orders`, 'canary-of-a-client'],
  });
  log.error({ err: new Error(`mysql://orders:${encodeURIComponent(password)}@db refused ${password}`) }, 'failed');
  log.info({ reason: 'canary-of-a-client' }, 'called');
  t.notMatch(printed.join(''), 'canary');
  t.match(JSON.parse(printed[1] ?? ''), { reason: '***', msg: 'called' });
  t.end();
});

t.test('names of things and numbers need no list', (t) => {
  const { log, lines } = logged();
  log.info(
    { customerId: 'c-1', retryInMs: 5, sessionId: 'canary', accessTokenId: 'canary', customerIdentity: 'canary' },
    'x',
  );
  t.match(lines, [{ customerId: 'c-1', retryInMs: 5, sessionId: '[redacted]' }]);
  t.notMatch(JSON.stringify(lines), 'canary');
  t.end();
});

t.test('errors: name, code and places, but no statement with its values', (t) => {
  const { log, lines } = logged();
  const cause = Object.assign(
    new Error("insert into `users` (`name`) values ('canary') - UNIQUE constraint failed: users.name"),
    { code: 'SQLITE_CONSTRAINT', sql: 'canary' },
  );
  log.error({ error: new Error('order cannot be saved', { cause }) }, 'request failed');
  log.error({ err: cause }, 'request failed');
  t.match(lines[0], {
    error: {
      name: 'Error',
      message: 'order cannot be saved',
      stack: /observability\.test/,
      cause: { code: 'SQLITE_CONSTRAINT', message: /UNIQUE constraint failed/ },
    },
  });
  t.match(lines[1], { error: { code: 'SQLITE_CONSTRAINT' } });
  t.notMatch(JSON.stringify(lines), 'canary');
  t.end();
});

t.test('the context goes through awaits and is not shared', async (t) => {
  t.equal(currentContext(), undefined);
  const seen = await Promise.all(
    ['a', 'b'].map((correlationId) =>
      runWithContext({ correlationId }, async () => {
        await new Promise((resolve) => setImmediate(resolve));
        return currentContext()?.correlationId;
      }),
    ),
  );
  t.strictSame(seen, ['a', 'b']);
});

t.test('traceparent', (t) => {
  const good = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  t.strictSame(parseTraceparent(good), {
    traceId: '0af7651916cd43dd8448eb211c80319c',
    parentId: 'b7ad6b7169203331',
    flags: '01',
  });
  t.ok(parseTraceparent(`cc${good.slice(2)}-what-the-future-will-be-like`), 'a later version');
  for (const bad of [
    undefined,
    '',
    'x',
    good.toUpperCase(),
    good.replace('00-', 'ff-'),
    `${good}-more`,
    good.replace(/-[0-9a-f]{32}-/, `-${'0'.repeat(32)}-`),
    good.replace(/-[0-9a-f]{16}-/, `-${'0'.repeat(16)}-`),
  ]) {
    t.equal(parseTraceparent(bad), undefined, String(bad));
  }
  const continued = continueTrace(good);
  t.match(continued, /^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01$/);
  t.not(continued, good);
  t.match(continueTrace('nonsense'), /^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
  t.not(continueTrace(undefined), continueTrace(undefined));
  t.end();
});

t.test('metrics of messages, calls and whatever a service measures', async (t) => {
  const metrics = createMetrics({ service: 'orders', processMetrics: false });
  metrics.messageReceived('OrderPlaced', 'handled', 0.01);
  metrics.messageReceived('OrderPlaced', 'dead-lettered', 0.01);
  metrics.messagePublished('OrderPlaced');
  metrics.callEnded('pricing', 'getQuote', 'circuit-open', 0.001);
  metrics.gauge('outbox_pending', 'Messages that wait in the outbox.', () => 3);
  const text = await metrics.registry.metrics();
  t.match(text, /message_handling_duration_seconds_count\{[^}]*message="OrderPlaced",outcome="handled"\} 1/);
  t.match(text, /messages_published_total\{[^}]*\} 1/);
  t.match(text, /client_call_duration_seconds_count\{[^}]*status="circuit-open"\} 1/);
  t.match(text, /outbox_pending\{service="orders"\} 3/);
  createMetrics({ service: 'others', processMetrics: true });
});
