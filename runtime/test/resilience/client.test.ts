import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import t from 'tap';
import type { Validator } from '../../src/http/contract.ts';
import { runWithContext } from '../../src/observability/context.ts';
import type { ClientDefinition, ClientOperation } from '../../src/resilience/client-definition.ts';
import { createClient, type ClientOptions } from '../../src/resilience/create-client.ts';
import type { ServiceTokens } from '../../src/security/service-tokens.ts';

const valid: Validator = () => true;
const withAmount: Validator = Object.assign(
  (value: unknown) => typeof (value as { amount?: unknown } | undefined)?.amount === 'number',
  {
    errors: [{ instancePath: '/amount', schemaPath: '', keyword: 'type', params: {} }],
  },
);

const operation = (more: Partial<ClientOperation> = {}): ClientOperation => ({
  method: 'get',
  path: '/quotes/{id}',
  scopes: [],
  timeoutMs: 2_000,
  retries: 0,
  validate: { '200': withAmount, '404': valid, '4XX': valid },
  ...more,
});

interface Served extends AsyncDisposable {
  readonly url: string;
  readonly seen: IncomingMessage[];
}
const serve = async (listener: RequestListener): Promise<Served> => {
  const seen: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    seen.push(request);
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => (server.close(() => resolve()), server.closeAllConnections())),
  };
};
const json =
  (status: number, body: unknown): RequestListener =>
  (_, response) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

const client = (
  url: string | readonly string[],
  definition: Partial<ClientOperation> = {},
  options: Partial<ClientOptions> = {},
) => {
  const table: ClientDefinition = {
    service: 'pricing',
    basePath: '/v1',
    operations: { getQuote: operation(definition) },
  };
  return createClient(table, { baseUrl: url, retryDelayMs: 1, ...options })['getQuote']!;
};

t.test('a call and its answer', async (t) => {
  await using served = await serve(json(200, { amount: 5, secret: 1, lines: [{ sku: 'a', note: 'x' }, { sku: 'b' }] }));
  const call = client(served.url, { reads: ['/amount', '/lines/-/sku'] });
  t.match(
    await call({
      path: { id: 'a/b' },
      query: { from: '2026-01-01T00:00:00Z', tags: ['x', 'y'] },
      headers: { 'x-extra': '1' },
    }),
    {
      status: 200,
      body: { amount: 5, lines: [{ sku: 'a' }, { sku: 'b' }] },
      headers: { 'content-type': 'application/json' },
    },
  );
  const answer = await call({ path: { id: 1 } });
  t.notHas('body' in answer ? answer.body : {}, { secret: 1 }, 'what is not read is not there');
  t.equal(served.seen[0]?.url, '/v1/quotes/a%2Fb?from=2026-01-01T00%3A00%3A00Z&tags=x&tags=y');
  t.equal(served.seen[0]?.headers['x-extra'], '1');
});

t.test('reads: the whole, and parts of parts', async (t) => {
  await using served = await serve(json(200, { amount: 1, a: { b: 1, c: 2 }, 'd/e': 3 }));
  const body = async (reads?: string[]) => {
    const answer = await client(served.url, reads ? { reads } : {})({ path: { id: 1 } });
    return 'body' in answer ? answer.body : answer;
  };
  t.strictSame(await body(), { amount: 1, a: { b: 1, c: 2 }, 'd/e': 3 });
  t.strictSame(await body(['']), { amount: 1, a: { b: 1, c: 2 }, 'd/e': 3 });
  t.strictSame(await body(['/a/b', '/d~1e', '/missing']), { a: { b: 1 }, 'd/e': 3 });
  t.strictSame(await body(['/a/b', '/a']), { a: { b: 1, c: 2 } });
  t.strictSame(await body(['/a', '/a/b']), { a: { b: 1, c: 2 } });
});

t.test('answers that are declared, and those that are not usable', async (t) => {
  const answers: [RequestListener, object][] = [
    [json(404, { title: 'gone' }), { status: 404, body: { title: 'gone' } }],
    [json(418, {}), { status: 418 }],
    [json(200, { amount: 'much' }), { status: 'unavailable', reason: 'invalid-answer', detail: /amount/ }],
    [json(201, {}), { status: 'unavailable', reason: 'undeclared-status', detail: /201/ }],
    [json(500, {}), { status: 'unavailable', reason: 'undeclared-status' }],
    [
      (_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{'),
      { status: 'unavailable', reason: 'invalid-answer' },
    ],
    [
      (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
      { status: 'unavailable', reason: 'network' },
    ],
    [(_, response) => response.destroy(), { status: 'unavailable', reason: 'network' }],
  ];
  for (const [listener, expected] of answers) {
    await using served = await serve(listener);
    t.match(await client(served.url)({ path: { id: 1 } }), expected);
  }
  t.match(await client('http://127.0.0.1:1')({ path: { id: 1 } }), { status: 'unavailable', reason: 'network' });
});

t.test('time limit', async (t) => {
  await using served = await serve(() => undefined);
  t.match(await client(served.url, { timeoutMs: 20 })({ path: { id: 1 } }), {
    status: 'unavailable',
    reason: 'timeout',
  });
  const gone = AbortSignal.abort();
  t.match(
    await client(served.url)({ path: { id: 1 }, signal: gone }),
    { status: 'unavailable', reason: 'timeout' },
    'the caller has given up',
  );
});

t.test('repeats only what is safe to repeat', async (t) => {
  const failingTwice = () => {
    let count = 0;
    return (...args: Parameters<RequestListener>): void =>
      void ((count += 1) <= 2 ? json(503, {})(...args) : json(200, { amount: 1 })(...args));
  };
  const cases: [Partial<ClientOperation>, Record<string, string>, object, number][] = [
    [{ method: 'get' }, {}, { status: 200 }, 3],
    [{ method: 'put' }, {}, { status: 200 }, 3],
    [{ method: 'post' }, { 'Idempotency-Key': 'k' }, { status: 200 }, 3],
    [{ method: 'post' }, {}, { status: 'unavailable', reason: 'network' }, 1],
    [{ method: 'patch' }, {}, { status: 'unavailable' }, 1],
    [{ method: 'get', retries: 1 }, {}, { status: 'unavailable' }, 2],
    [{ method: 'get', retries: 1, validate: { '503': valid } }, {}, { status: 503 }, 2],
  ];
  for (const [definition, headers, expected, requests] of cases) {
    await using served = await serve(failingTwice());
    const call = client(served.url, { retries: 3, ...definition });
    t.match(
      await call({ path: { id: 1 }, headers, ...(definition.method === 'get' ? {} : { body: {} }) }),
      expected,
      JSON.stringify(definition),
    );
    t.equal(served.seen.length, requests, `${JSON.stringify(definition)} is sent ${requests} times`);
  }
});

t.test('the breaker opens, and closes once the service is back', async (t) => {
  let isDown = true;
  await using served = await serve((...args) => json(isDown ? 503 : 200, { amount: 1 })(...args));
  const call = client(served.url, {}, { breakAfter: 3, breakMs: 40 });
  for (let count = 0; count < 3; count += 1) await call({ path: { id: 1 } });
  t.match(await call({ path: { id: 1 } }), { status: 'unavailable', reason: 'circuit-open' });
  t.equal(served.seen.length, 3, 'the service is left alone');
  isDown = false;
  let answer = await call({ path: { id: 1 } });
  while (answer.status === 'unavailable') {
    await new Promise((resolve) => setImmediate(resolve));
    answer = await call({ path: { id: 1 } });
  }
  t.match(answer, { status: 200 });
});

t.test('answers that are declared do not open it', async (t) => {
  await using served = await serve(json(404, {}));
  const call = client(served.url, {}, { breakAfter: 2 });
  for (let count = 0; count < 5; count += 1) t.match(await call({ path: { id: 1 } }), { status: 404 });
});

t.test('the bulkhead', async (t) => {
  const waiting: (() => void)[] = [];
  await using served = await serve((...args) => void waiting.push(() => json(200, { amount: 1 })(...args)));
  const call = client(served.url, {}, { concurrency: 1, queue: 1 });
  const first = call({ path: { id: 1 } });
  const second = call({ path: { id: 1 } });
  t.match(await call({ path: { id: 1 } }), { status: 'unavailable', reason: 'circuit-open', detail: /waiting/ });
  const release = setInterval(() => waiting.shift()?.(), 1);
  t.match(await Promise.all([first, second]), [{ status: 200 }, { status: 200 }]);
  clearInterval(release);
});

t.test('tokens, and the ids of the running call', async (t) => {
  let accepted = 'token-1';
  await using served = await serve((request, response) =>
    json(request.headers.authorization === `Bearer ${accepted}` ? 200 : 401, { amount: 1 })(request, response),
  );
  let issued = 1;
  const asked: string[] = [];
  const tokens: ServiceTokens = {
    get: async (scopes) => (asked.push(scopes.join(' ')), `token-${issued}`),
    forget: () => void (issued += 1),
  };
  const call = client(served.url, { scopes: ['quotes:read'], method: 'post' }, { tokens });
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const context = { correlationId: '0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b', traceparent, tracestate: 'a=1' };
  t.match(await runWithContext(context, () => call({ path: { id: 1 }, body: {} })), { status: 200 });
  t.strictSame(asked, ['quotes:read']);
  t.match(served.seen[0]?.headers, {
    'x-correlation-id': context.correlationId,
    tracestate: 'a=1',
    traceparent: /^00-0af7651916cd43dd8448eb211c80319c-(?!b7ad6b7169203331)[0-9a-f]{16}-01$/,
  });
  accepted = 'token-2';
  t.match(await call({ path: { id: 1 }, body: {} }), { status: 200 }, 'a refused token is replaced once');
  t.equal(served.seen.length, 3);
});

t.test('bodies', async (t) => {
  const bodies: string[] = [];
  await using served = await serve((request, response) => {
    let text = '';
    request
      .on('data', (chunk: Buffer) => (text += chunk.toString()))
      .on(
        'end',
        () => (bodies.push(`${request.headers['content-type']} ${text}`), json(200, { amount: 1 })(request, response)),
      );
  });
  const call = client(served.url, { method: 'post', path: '/quotes' });
  await call({ body: { a: 1 } });
  await call({ body: { a: 'x y' }, contentType: 'application/x-www-form-urlencoded' });
  await call({ body: 'año', contentType: 'text/plain' });
  t.strictSame(bodies, ['application/json {"a":1}', 'application/x-www-form-urlencoded a=x+y', 'text/plain año']);
});

t.test('calls to several places take turns, and one where nobody listens is left out', async (t) => {
  await using one = await serve(json(200, { amount: 1 }));
  await using other = await serve(json(200, { amount: 2 }));
  const gone = await serve(json(200, { amount: 3 }));
  await gone[Symbol.asyncDispose]();
  const call = client([one.url, gone.url, other.url], { method: 'post' });
  for (let calls = 0; calls < 6; calls += 1) t.equal((await call({ path: { id: 'a' } })).status, 200);
  t.ok(one.seen.length >= 2 && other.seen.length >= 2, `${one.seen.length} and ${other.seen.length}`);
  t.match(await client([gone.url, gone.url])({ path: { id: 'a' } }), { status: 'unavailable', reason: 'network' });
});
