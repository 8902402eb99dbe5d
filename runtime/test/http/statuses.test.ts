// Long because it asks for every status that the runtime makes, one after another.
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import t from 'tap';
import { echo, handler, parameter, route, scalar, serve, validator } from './serve-routes.ts';
import { sendRaw } from './raw-request.ts';

const problem = (name: string) => `urn:parkwise:problem:${name}`;

const order = route({
  operationId: 'getOrder',
  path: '/v1/orders/{orderId}',
  parameters: [parameter('path', 'orderId', scalar('integer'))],
  validate: { path: validator({ type: 'object', properties: { orderId: { type: 'integer' } } }) },
  responses: {
    '200': {
      headers: {},
      content: { 'application/json': { validate: validator(true) }, 'text/csv': { validate: validator(true) } },
    },
  },
});
const remove = route({
  operationId: 'removeOrder',
  method: 'delete',
  path: '/v1/orders/{orderId}',
  parameters: order.parameters,
  responses: { '204': { headers: {}, content: {} } },
  replies: { noContent: { status: 204 } },
});
const operations = { getOrder: echo, removeOrder: handler(async ({ reply }) => reply['noContent']!()) };

t.test('routing', async (t) => {
  await using served = await serve([order, remove], operations);
  const call = async (method: string, path: string, headers: Record<string, string> = {}) => {
    const answer = await fetch(served.url + path, { method, headers });
    const text = await answer.text();
    return {
      status: answer.status,
      headers: Object.fromEntries(answer.headers as never) as Record<string, string>,
      text,
    };
  };
  t.match(await call('GET', '/v1/orders/7'), {
    status: 200,
    headers: { 'content-type': 'application/json', 'x-content-type-options': 'nosniff' },
  });
  t.match(await call('GET', '/v1/nothing'), {
    status: 404,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store' },
    text: problem('not-found'),
  });
  for (const path of ['/v1/orders/', '/v1/orders/7/', '/V1/orders/7', '//v1/orders/7', '/v1/orders/7/8', '/v1'])
    t.equal((await call('GET', path)).status, 404, path);
  t.match(await call('PUT', '/v1/orders/7'), {
    status: 405,
    headers: { allow: 'DELETE, GET, HEAD, OPTIONS' },
    text: problem('method-not-allowed'),
  });
  t.match(await call('OPTIONS', '/v1/orders/7'), { status: 204, headers: { allow: 'DELETE, GET, HEAD, OPTIONS' } });
  t.match(await call('OPTIONS', '/v1/nothing'), { status: 404 });
  const head = await call('HEAD', '/v1/orders/7');
  t.match(head, {
    status: 200,
    text: '',
    headers: { 'content-length': String((await call('GET', '/v1/orders/7')).text.length) },
  });
  t.match(await call('DELETE', '/v1/orders/7'), { status: 204, text: '' });
});

t.test('concrete paths come before templated ones, and segments may hold several parameters', async (t) => {
  const path = (operationId: string, path: string, ...names: string[]) =>
    route({ operationId, path, parameters: names.map((name) => parameter('path', name, scalar('string'))) });
  const routes = [
    path('byId', '/orders/{id}', 'id'),
    path('mine', '/orders/mine'),
    path('action', '/orders/{id}:cancel', 'id'),
    path('file', '/files/{file-name}.{ext}', 'file-name', 'ext'),
    path('special', '/a+b/(c)/{d}', 'd'),
    path('wide', '/{a}/x', 'a'),
    path('exact', '/e/x'),
  ];
  const named = Object.fromEntries(
    routes.map(({ operationId }) => [
      operationId,
      handler(async ({ reply, path }) => reply['ok']!({ operationId, path })),
    ]),
  );
  await using served = await serve(routes, named);
  const get = async (path: string) => (await fetch(served.url + path)).json();
  t.match(await get('/orders/mine'), { operationId: 'mine' });
  t.match(await get('/orders/5'), { operationId: 'byId', path: { id: '5' } });
  t.match(await get('/orders/5:cancel'), { operationId: 'action', path: { id: '5' } });
  t.match(await get('/files/report.pdf'), { operationId: 'file', path: { 'file-name': 'report', ext: 'pdf' } });
  t.match(await get('/a+b/(c)/1'), { operationId: 'special', path: { d: '1' } });
  t.match(await get('/e/x'), { operationId: 'exact' });
  t.match(await get('/f/x'), { operationId: 'wide', path: { a: 'f' } });
});

t.test('the first fault in each place is named', async (t) => {
  const strict = (property: string) =>
    validator({ type: 'object', required: [property], properties: { [property]: { type: 'integer', minimum: 10 } } });
  const everywhere = route({
    operationId: 'all',
    method: 'post',
    path: '/{p}',
    parameters: [
      parameter('path', 'p', scalar('integer')),
      parameter('query', 'q', scalar('integer')),
      parameter('header', 'X-H', scalar('integer')),
      parameter('cookie', 'c', scalar('integer')),
    ],
    validate: { path: strict('p'), query: strict('q'), headers: strict('X-H'), cookies: strict('c') },
    body: {
      required: true,
      content: {
        'application/json': {
          validate: validator({ type: 'object', properties: { 'a/b': { type: 'array', items: { type: 'integer' } } } }),
        },
      },
    },
  });
  await using served = await serve([everywhere], { all: echo });
  const answer = await fetch(`${served.url}/1?q=x`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-h': '9', cookie: 'd=1' },
    body: '{"a/b":[1,"secret"]}',
  });
  const text = await answer.text();
  t.equal(answer.status, 400);
  t.strictSame(JSON.parse(text).errors, [
    { in: 'path', pointer: '/p', keyword: 'minimum', message: 'must be >= 10' },
    { in: 'query', pointer: '/q', keyword: 'type', message: 'must be integer' },
    { in: 'header', pointer: '/X-H', keyword: 'minimum', message: 'must be >= 10' },
    { in: 'cookie', pointer: '/c', keyword: 'required', message: 'is required' },
    { in: 'body', pointer: '/a~1b/1', keyword: 'type', message: 'must be integer' },
  ]);
  t.notMatch(text, 'secret', 'what was sent is not repeated');
  const broken = await fetch(`${served.url}/10?q=10`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-h': '10', cookie: 'c=10' },
    body: '{',
  });
  t.match(await broken.json(), { errors: [{ in: 'body', pointer: '', keyword: 'syntax' }] });
});

t.test('Accept', async (t) => {
  await using served = await serve([order, remove], operations);
  const get = async (accept: string, method = 'GET') =>
    (await fetch(`${served.url}/v1/orders/7`, { method, headers: { accept } })).status;
  for (const accept of [
    'application/json',
    '*/*',
    'application/*',
    'text/html, application/json;q=0.1',
    'text/csv',
    'Application/JSON; charset=utf-8',
    ';;',
  ])
    t.equal(await get(accept), 200, accept);
  for (const accept of [
    'text/html',
    'application/json;q=0, text/csv;q=0',
    'image/*',
    'text/csv;q=0.0, application/json;q=0',
  ])
    t.equal(await get(accept), 406, accept);
  t.equal(await get('text/html', 'DELETE'), 204, 'an answer without a body is fine for everybody');
});

t.test('the preferred media type is told', async (t) => {
  await using served = await serve([order], {
    getOrder: handler(async ({ reply, preferred }) => reply['ok']!({ preferred })),
  });
  const preferred = async (accept: string) => {
    const answer = await fetch(`${served.url}/v1/orders/7`, { headers: { accept } });
    return ((await answer.json()) as { preferred: unknown }).preferred;
  };
  t.equal(await preferred('*/*'), 'application/json');
  t.equal(await preferred('text/csv, application/json;q=0.9'), 'text/csv');
  t.equal(await preferred('text/*;q=0.5, */*;q=0.4'), 'text/csv');
});

t.test('ETag and If-Match', async (t) => {
  const etagged = {
    headers: { etag: { required: true, shape: scalar('string') } },
    content: { 'application/json': { validate: validator(true) } },
  };
  const replies = { ok: { status: 200, contentType: 'application/json', headers: { etag: 'ETag' } } };
  const read = route({ operationId: 'read', path: '/', responses: { '200': etagged }, replies });
  const write = route({
    operationId: 'write',
    method: 'put',
    path: '/',
    ifMatch: 'required',
    parameters: [parameter('header', 'If-Match', scalar('string'), { required: true })],
    validate: { headers: validator({ required: ['If-Match'] }) },
    responses: { '200': etagged },
    replies,
  });
  const stale = Object.assign(new Error('version 7 is gone'), { code: 'STALE_VERSION' });
  await using served = await serve([read, write], {
    read: handler(async ({ reply }) => reply['ok']!({ a: 1 }, { etag: '"v7"' })),
    write: handler(async ({ reply, headers }) => {
      if (headers['If-Match'] !== '"v7"') throw stale;
      return reply['ok']!({}, { etag: '"v8"' });
    }),
  });
  const call = async (method: string, headers: Record<string, string>) => {
    const answer = await fetch(served.url, { method, headers });
    return {
      status: answer.status,
      etag: answer.headers.get('etag'),
      type: answer.headers.get('content-type'),
      text: await answer.text(),
    };
  };
  t.match(await call('GET', {}), { status: 200, etag: '"v7"' });
  t.match(await call('GET', { 'if-none-match': '"v7"' }), { status: 304, etag: '"v7"', type: null, text: '' });
  t.match(await call('GET', { 'if-none-match': 'W/"v7"' }), { status: 304 });
  t.match(await call('GET', { 'if-none-match': '"v1", "v7"' }), { status: 304 });
  t.match(await call('HEAD', { 'if-none-match': '*' }), { status: 304 });
  t.match(await call('GET', { 'if-none-match': '"v8"' }), { status: 200 });
  t.match(await call('PUT', {}), { status: 428, text: problem('precondition-required') });
  t.match(await call('PUT', { 'if-match': '"v6"' }), { status: 412, text: problem('precondition-failed') });
  t.match(await call('PUT', { 'if-match': '"v7"' }), { status: 200, etag: '"v8"' });
});

t.test('what is not written yet is 501, after every check', async (t) => {
  await using served = await serve([order], { getOrder: handler(async ({ reply }) => reply['notImplemented']!()) });
  const answer = await fetch(`${served.url}/v1/orders/7`);
  t.equal(answer.status, 501);
  t.match(await answer.json(), { type: problem('not-implemented'), status: 501 });
  t.equal((await fetch(`${served.url}/v1/orders/x`)).status, 400);
  t.equal(served.violations.length, 0);
});

t.test('starting, ready, stopping', async (t) => {
  let isReachable = false;
  await using served = await serve([order], operations, {
    readinessChecks: { database: () => (isReachable ? undefined : Promise.reject(new Error('secret host'))) },
  });
  const get = async (path: string) => {
    const answer = await fetch(served.url + path);
    return {
      status: answer.status,
      body: (await answer.json()) as unknown,
      connection: answer.headers.get('connection'),
      retryAfter: answer.headers.get('retry-after'),
    };
  };
  t.strictSame(await get('/health/live').then(({ status, body }) => ({ status, body })), {
    status: 200,
    body: { status: 'alive' },
  });
  t.match(await get('/health/ready'), { status: 503, body: { failing: ['database'] } });
  isReachable = true;
  t.match(await get('/health/ready'), { status: 200, body: { status: 'ready' } });
  served.app.state.phase = 'starting';
  t.match(await get('/v1/orders/7'), { status: 503, retryAfter: '1', body: { type: problem('unavailable') } });
  served.app.state.phase = 'stopping';
  t.match(await get('/health/ready'), { status: 503, body: { status: 'stopping' } });
  t.match(
    await get('/v1/orders/7'),
    { status: 200, connection: 'close' },
    'who still comes is served, and told to come elsewhere',
  );
});

t.test('close waits for what is running', async (t) => {
  let release = (): void => undefined;
  const entered = Promise.withResolvers<void>();
  const served = await serve([order], {
    getOrder: handler(async ({ reply }) => {
      entered.resolve();
      await new Promise<void>((resolve) => (release = resolve));
      return reply['ok']!({ done: true });
    }),
  });
  const running = fetch(`${served.url}/v1/orders/7`);
  await entered.promise;
  const closed = served.app.close(5_000);
  release();
  t.match(await (await running).json(), { done: true });
  await closed;
  await t.rejects(fetch(`${served.url}/health/live`));
});

t.test('a handler that takes too long is answered 503, and told so', async (t) => {
  const aborted = Promise.withResolvers<unknown>();
  await using served = await serve(
    [order],
    {
      getOrder: handler(async ({ reply, signal }) => {
        await once(signal, 'abort');
        aborted.resolve(signal.reason);
        return reply['ok']!({});
      }),
    },
    { limits: { handlerTimeoutMs: 1 } },
  );
  const answer = await fetch(`${served.url}/v1/orders/7`);
  t.equal(answer.status, 503);
  t.ok(await aborted.promise);
});

t.test('a client that leaves aborts the signal', async (t) => {
  const entered = Promise.withResolvers<void>();
  const aborted = Promise.withResolvers<void>();
  await using served = await serve([order], {
    getOrder: handler(async ({ reply, signal }) => {
      entered.resolve();
      await once(signal, 'abort');
      aborted.resolve();
      return reply['ok']!({});
    }),
  });
  const leaving = request(`${served.url}/v1/orders/7`)
    .on('error', () => undefined)
    .end();
  await entered.promise;
  leaving.destroy();
  await aborted.promise;
  t.pass('the handler was told');
});

t.test('requests that are no HTTP', async (t) => {
  await using served = await serve([order], operations, { limits: { headTimeoutMs: 100 } });
  t.match(await sendRaw(served.port, ['nonsense\r\n\r\n']), /^HTTP\/1.1 400[^]*urn:parkwise:problem:invalid-request/);
  t.match(
    await sendRaw(served.port, [`GET / HTTP/1.1\r\nHost: x\r\nX-Large: ${'a'.repeat(20_000)}\r\n\r\n`]),
    /^HTTP\/1.1 431[^]*header-fields-too-large/,
  );
  t.match(
    await sendRaw(served.port, ['GET / HTTP/1.1\r\nHost: x\r\n']),
    /^HTTP\/1.1 408[^]*request-timeout/,
    'a head that drips',
  );
  t.match(
    await sendRaw(served.port, ['GET http://elsewhere.test/v1/orders/7 HTTP/1.1\r\nHost: x\r\n\r\n']),
    /^HTTP\/1.1 200/,
    'the absolute form',
  );
  t.match(
    await sendRaw(served.port, [
      'POST /v1/orders/7 HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ]),
    /^HTTP\/1.1 400/,
    'two lengths',
  );
  t.match(await sendRaw(served.port, ['GET /v1/orders/7 HTTP/1.1\r\n\r\n']), /^HTTP\/1.1 400/, 'no host');
});

t.test('correlation and trace', async (t) => {
  await using served = await serve([order], operations);
  const correlation = async (sent: string) =>
    (await fetch(`${served.url}/v1/orders/7`, { headers: { 'x-correlation-id': sent } })).headers.get(
      'x-correlation-id',
    );
  const id = '0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b';
  t.equal(await correlation(id), id);
  t.not(await correlation('<script>'), '<script>', 'only a UUID is taken over');
});

t.test('metrics by operation', async (t) => {
  await using served = await serve([order], operations);
  await fetch(`${served.url}/v1/orders/7`);
  await fetch(`${served.url}/v1/orders/x`);
  const text = await (await fetch(`${served.url}/metrics`)).text();
  t.match(text, /http_request_duration_seconds_count\{[^}]*operation="getOrder",status="2xx"\} 1/);
  t.match(text, /http_request_duration_seconds_count\{[^}]*operation="getOrder",status="4xx"\} 1/);
});

t.test('documents', async (t) => {
  await using served = await serve([order], operations, {
    tables: {
      name: 'orders',
      routes: [order],
      securitySchemes: {},
      documents: {
        openapi: () => ({ openapi: '3.1.0', paths: { '/v1/orders/{orderId}': { get: { responses: {} } } } }),
        asyncapi: () => ({ asyncapi: '3.0.0' }),
      },
    },
  });
  t.match(await (await fetch(`${served.url}/openapi.json`)).json(), {
    paths: { '/v1/orders/{orderId}': { get: { responses: { '400': {}, '503': {} } } } },
  });
  t.match(await (await fetch(`${served.url}/asyncapi.json`)).json(), { asyncapi: '3.0.0' });
});

t.test('a rate limit', async (t) => {
  await using served = await serve([order], operations, { rateLimits: { default: { requests: 2, windowMs: 60_000 } } });
  const get = async () => {
    const answer = await fetch(`${served.url}/v1/orders/7`);
    await answer.arrayBuffer();
    return {
      status: answer.status,
      rate: answer.headers.get('ratelimit'),
      policy: answer.headers.get('ratelimit-policy'),
      retryAfter: answer.headers.get('retry-after'),
    };
  };
  t.match(await get(), { status: 200, rate: '"default";r=1;t=60', policy: '"default";q=2;w=60' });
  t.match(await get(), { status: 200, rate: '"default";r=0;t=60' });
  t.match(await get(), { status: 429, retryAfter: '60' });
  t.equal((await fetch(`${served.url}/health/live`)).status, 200, 'health is not limited');
});

t.test('every answer of a HEAD is without a body', async (t) => {
  await using served = await serve([order], operations);
  const sending = request(`${served.url}/v1/orders/x`, { method: 'HEAD' }).end();
  const [answer] = (await once(sending, 'response')) as [IncomingMessage];
  t.equal(answer.statusCode, 400);
  t.strictSame(await answer.toArray(), []);
});
