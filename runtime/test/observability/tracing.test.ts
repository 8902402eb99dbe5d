import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import t from 'tap';
import { readSettings } from '../../src/configuration/read-settings.ts';
import { runtimeSettings } from '../../src/configuration/runtime-settings.ts';
import { openTracing } from '../../src/observability/otlp/open-tracing.ts';
import { otlpSettings } from '../../src/observability/otlp/otlp-settings.ts';
import { parseTraceparent } from '../../src/observability/trace-context.ts';
import type { Log } from '../../src/process/service-definition.ts';
import { startOtlpReceiver } from './otlp-receiver.ts';

const settingsIn = (env: Record<string, string>) =>
  otlpSettings(readSettings(runtimeSettings, 'PARKWISE', { env, production: false }).values, 'orders', env);

t.test('nothing is exported unless somebody asks for it', (t) => {
  t.equal(settingsIn({}), undefined);
  t.equal(settingsIn({ OTEL_SERVICE_NAME: 'x', OTEL_EXPORTER_OTLP_HEADERS: 'a=b' }), undefined);
  t.equal(settingsIn({ PARKWISE_OTLP_URL: 'http://c:4318', OTEL_SDK_DISABLED: 'true' }), undefined);
  t.end();
});

t.test('where to: our setting, or the variables of OpenTelemetry', (t) => {
  t.match(settingsIn({ PARKWISE_OTLP_URL: 'http://c:4318' }), {
    url: 'http://c:4318/v1/traces',
    serviceName: 'orders',
    ratio: 1,
  });
  t.match(
    settingsIn({
      PARKWISE_OTLP_URL: 'https://c/otlp/',
      PARKWISE_OTLP_SAMPLING: '5',
      PARKWISE_OTLP_HEADERS: 'authorization=Basic%20abc, x-scope=a=b',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://other:4318',
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=other',
    }),
    { url: 'https://c/otlp/v1/traces', ratio: 0.05, headers: { authorization: 'Basic abc', 'x-scope': 'a=b' } },
  );
  t.match(
    settingsIn({
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318/',
      OTEL_EXPORTER_OTLP_HEADERS: 'key=100%',
      OTEL_SERVICE_NAME: 'shop',
    }),
    { url: 'http://c:4318/v1/traces', serviceName: 'shop', headers: { key: '100%' } },
  );
  t.match(settingsIn({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://c/exact' }), { url: 'http://c/exact' });
  t.throws(() => settingsIn({ OTEL_EXPORTER_OTLP_ENDPOINT: 'c:4318' }), /OTEL_EXPORTER_OTLP_ENDPOINT/);
  t.end();
});

const open = (url: string, more: { ratio?: number } = {}) => {
  const lines: string[] = [];
  const write = (_: object, message: string): void => void lines.push(message);
  const log: Log = { debug: write, info: write, warn: write, error: write };
  const settings = { url: `${url}/v1/traces`, headers: {}, serviceName: 'orders', ratio: more.ratio ?? 1 };
  return { lines, tracing: openTracing({ ...settings, messagingSystem: 'kafka', mode: 'development', log }) };
};

t.test('spans arrive with kind, parent, times, attributes and error when it is closed', async (t) => {
  await using receiver = await startOtlpReceiver();
  const { tracing } = open(receiver.url);
  const parent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
  const span = tracing.start({
    kind: 'server',
    name: 'GET /x',
    parent,
    isParentRemote: true,
    attributes: { a: 1, b: undefined },
  });
  const inner = tracing.start({ kind: 'client', name: 'GET /y', parent: span.traceparent });
  inner.end({ error: 'timeout', endedAt: performance.now() });
  tracing.start({ kind: 'producer', name: 'never ended' });
  span.end({ attributes: { c: 'x' } });
  span.end({ error: 'too late' });
  await tracing.close();
  const [client, server] = receiver.spans;
  t.equal(receiver.spans.length, 2);
  t.match(server, { kind: 'server', traceId: 'a'.repeat(32), parentSpanId: 'b'.repeat(16), isError: false });
  t.strictSame(server?.attributes, { a: 1, c: 'x' });
  t.match(client, {
    kind: 'client',
    parentSpanId: server?.spanId,
    isError: true,
    attributes: { 'error.type': 'timeout' },
  });
  t.match(server?.resource, { 'service.name': 'orders', 'deployment.environment.name': 'development' });
  const now = performance.timeOrigin + performance.now();
  t.ok((server?.start ?? 0) <= (client?.start ?? 0) && (server?.end ?? 0) <= now + 1);
});

t.test('what was decided at the beginning of a trace holds', async (t) => {
  await using receiver = await startOtlpReceiver();
  const { tracing } = open(receiver.url, { ratio: 0 });
  const first = tracing.start({ kind: 'server', name: 'not sampled' });
  t.equal(parseTraceparent(first.traceparent)?.flags, '00', 'others are told');
  first.end();
  tracing.start({ kind: 'server', name: 'asked for', parent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` }).end();
  await tracing.close();
  t.strictSame(
    receiver.spans.map(({ name }) => name),
    ['asked for'],
  );
});

t.test('a receiver that refuses is told of once, and holds up no stop', async (t) => {
  await using receiver = await startOtlpReceiver();
  receiver.answer(400);
  const { tracing, lines } = open(receiver.url);
  tracing.start({ kind: 'server', name: 'lost' }).end();
  await tracing.close();
  t.strictSame(lines, ['traces cannot be exported']);
});

t.test('off: we load no package of OpenTelemetry', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'tracing-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  await using receiver = await startOtlpReceiver();
  const script = new URL('support/loaded-modules.ts', import.meta.url).pathname;
  const loaded = async (env: Record<string, string>): Promise<string[]> => {
    const { stdout } = await promisify(execFile)(process.execPath, ['--conditions=parkwise-source', script], {
      env: { ...process.env, LOG: `sqlite:${join(folder, 'log.sqlite')}`, ...env },
    });
    return JSON.parse(stdout) as string[];
  };
  // prom-client loads the API by itself, always: that is not ours.
  t.strictSame(await loaded({}), []);
  t.ok((await loaded({ PARKWISE_OTLP_URL: receiver.url })).length > 0, 'on: they are');
});
