import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import t from 'tap';
import type { BodyDefinition } from '../../src/http/contract.ts';
import { echo, handler, route, scalar, serve, validator } from './serve-routes.ts';
import { sendRaw } from './raw-request.ts';

const any = { validate: validator(true) };
const order = {
  validate: validator({
    type: 'object',
    required: ['amount'],
    properties: { amount: { type: 'integer' } },
    additionalProperties: false,
  }),
};

const take = (content: BodyDefinition['content'], required = true) =>
  route({ operationId: 'take', method: 'post', path: '/', body: { required, content } });

interface Sent {
  readonly type?: string;
  readonly body?: string | Uint8Array;
  readonly headers?: Record<string, string>;
}
const post = async (url: string, { type, body, headers }: Sent) => {
  // Bytes, because a text would be given a type.
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  const answer = await fetch(url, {
    method: 'POST',
    headers: { ...headers, ...(type !== undefined && { 'content-type': type }) },
    ...(bytes !== undefined && { body: bytes as BodyInit }),
  });
  return {
    status: answer.status,
    headers: Object.fromEntries(answer.headers as never),
    body: (await answer.json()) as Record<string, unknown> & { errors?: { keyword: string; pointer: string }[] },
  };
};

t.test('media types', async (t) => {
  await using served = await serve(
    [
      take({
        'application/json': any,
        'application/vnd.order+json': any,
        'text/*': any,
        'application/octet-stream': any,
        'application/json; version=2': any,
      }),
    ],
    { take: echo },
  );
  const cases: [Sent, unknown, string][] = [
    [{ type: 'application/json', body: '{"a":1}' }, { a: 1 }, 'application/json'],
    [{ type: 'Application/JSON ; charset="UTF-8"', body: '[1]' }, [1], 'application/json'],
    [{ type: 'application/json;version=2', body: '"two"' }, 'two', 'application/json; version=2'],
    [{ type: 'application/vnd.order+json', body: 'null' }, null, 'application/vnd.order+json'],
    [{ type: 'text/plain', body: 'año' }, 'año', 'text/*'],
    [{ type: 'text/csv; charset=iso-8859-1', body: Buffer.from('año', 'latin1') }, 'año', 'text/*'],
    [{ type: 'text/plain', body: '' }, '', 'text/*'],
    [
      { type: 'application/octet-stream', body: Buffer.from([0, 255]) },
      { type: 'Buffer', data: [0, 255] },
      'application/octet-stream',
    ],
  ];
  for (const [sent, body, contentType] of cases) {
    const answer = await post(served.url, sent);
    t.equal(answer.status, 200, sent.type ?? '');
    t.strictSame(
      { body: answer.body['body'], contentType: answer.body['contentType'] },
      { body, contentType },
      sent.type ?? '',
    );
  }
  const refused: Sent[] = [
    { body: '{}' },
    { type: 'application/xml', body: '<a/>' },
    { type: 'json', body: '{}' },
    { type: '', body: '{}' },
    { type: 'application/json; charset=iso-8859-1', body: '{}' },
    { type: 'text/plain; charset=klingon', body: 'x' },
    { type: 'application/json, text/plain', body: '{}' },
    { type: 'application/json', body: '{}', headers: { 'content-encoding': 'zstd' } },
    { type: 'application/json', body: '{}', headers: { 'content-encoding': '__proto__' } },
  ];
  for (const sent of refused) t.equal((await post(served.url, sent)).status, 415, JSON.stringify(sent));
  t.match((await post(served.url, { type: 'application/xml', body: 'x' })).headers, { accept: /application\/json/ });
});

t.test('bodies that are not what their type says', async (t) => {
  await using served = await serve([take({ 'application/json': order, 'text/plain': any })], { take: echo });
  const cases: [Sent, string][] = [
    [{ type: 'application/json', body: '{' }, 'syntax'],
    [{ type: 'application/json', body: '' }, 'required'],
    [{}, 'required'],
    [{ type: 'application/json', body: '\ufeff{"amount":1}' }, 'syntax'],
    [{ type: 'application/json', body: Buffer.from([0x22, 0xff, 0x22]) }, 'encoding'],
    [{ type: 'text/plain', body: Buffer.from([0xff]) }, 'encoding'],
    [{ type: 'application/json', body: 'NaN' }, 'syntax'],
    [{ type: 'application/json', body: `${'['.repeat(33)}${']'.repeat(33)}` }, 'depth'],
    [{ type: 'application/json', body: '['.repeat(500_000) }, 'syntax'],
    [{ type: 'application/json', body: `${'{"a":'.repeat(40)}1${'}'.repeat(40)}` }, 'depth'],
    [{ type: 'application/json', body: '{"amount":"1"}' }, 'type'],
    [{ type: 'application/json', body: '{"amount":1,"__proto__":{}}' }, 'additionalProperties'],
    [{ type: 'application/json', body: '{"amount":1,"constructor":1}' }, 'additionalProperties'],
    [{ type: 'application/json', body: '{"amount":1}', headers: { 'content-encoding': 'gzip' } }, 'encoding'],
    [
      {
        type: 'application/json',
        body: gzipSync('{"amount":1}').subarray(0, 20),
        headers: { 'content-encoding': 'gzip' },
      },
      'encoding',
    ],
  ];
  for (const [sent, keyword] of cases) {
    const answer = await post(served.url, sent);
    t.match(answer, { status: 400, body: { errors: [{ in: 'body', keyword }] } }, String(sent.body).slice(0, 40));
  }
  t.match(
    await post(served.url, { type: 'application/json', body: `${'['.repeat(32)}${']'.repeat(32)}` }),
    { status: 400, body: { errors: [{ keyword: 'type' }] } },
    '32 levels are read',
  );
});

t.test('an optional body may be missing', async (t) => {
  await using served = await serve([take({ 'application/json': order }, false)], {
    take: handler(async ({ reply, body }) => reply['ok']!({ isMissing: body === undefined })),
  });
  t.match(await post(served.url, {}), { status: 200, body: { isMissing: true } });
  t.match(await post(served.url, { body: '{"amount":1}' }), { status: 415 });
  const chunked = 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n';
  t.match(await sendRaw(served.port, [chunked]), /^HTTP\/1.1 200/, 'a body of no chunks is none');
});

t.test('forms', async (t) => {
  const shape = {
    kind: 'object',
    properties: {
      name: scalar('string'),
      age: scalar('integer'),
      tags: { kind: 'array', items: scalar('integer') },
      place: { kind: 'object', properties: {} },
    },
  } as const;
  await using served = await serve([take({ 'application/x-www-form-urlencoded': { ...any, shape } })], { take: echo });
  const form = async (body: string) => post(served.url, { type: 'application/x-www-form-urlencoded', body });
  t.strictSame((await form('name=a+b%26c&age=7&tags=1&tags=2&place=%7B%22x%22%3A1%7D&other=1')).body['body'], {
    name: 'a b&c',
    age: 7,
    tags: [1, 2],
    place: { x: 1 },
    other: '1',
  });
  t.strictSame((await form('tags=1')).body['body'], { tags: [1] });
  t.strictSame((await form('')).body['body'], {}, 'an empty form is a form');
  t.match(await form('name=a&name=b'), { status: 400, body: { errors: [{ pointer: '/name', keyword: 'repeated' }] } });
  t.match(await form('name=%ff'), { status: 400, body: { errors: [{ pointer: '/name', keyword: 'encoding' }] } });
  t.match(await form('place=x'), { status: 400, body: { errors: [{ pointer: '/place', keyword: 'syntax' }] } });
});

t.test('size is bounded, before and after decompression', async (t) => {
  await using served = await serve(
    [take({ 'text/plain': any })],
    { take: handler(async ({ reply, body }) => reply['ok']!({ length: String(body).length })) },
    { limits: { bodyBytes: 1000 } },
  );
  const sent = (body: Buffer, coding?: string): Sent => ({
    type: 'text/plain',
    body,
    ...(coding !== undefined && { headers: { 'content-encoding': coding } }),
  });
  const full = Buffer.alloc(1000, 'a');
  t.match(await post(served.url, sent(full)), { status: 200, body: { length: 1000 } });
  for (const [coding, compress] of [
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ] as const) {
    t.match(await post(served.url, sent(compress(full), coding)), { status: 200, body: { length: 1000 } }, coding);
    t.match(await post(served.url, sent(compress(Buffer.alloc(1001, 'a')), coding)), { status: 413 }, coding);
  }
  t.match(await post(served.url, sent(gzipSync(Buffer.alloc(50_000_000)), 'gzip')), { status: 413 }, 'a bomb');
  t.match(await post(served.url, sent(Buffer.alloc(1001))), { status: 413 });
  t.match(
    await post(served.url, sent(Buffer.alloc(3_000_000))),
    { status: 413 },
    'the answer arrives although the body was not read',
  );
  const chunks = [
    'POST / HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n',
    `3e9\r\n${'a'.repeat(1001)}\r\n0\r\n\r\n`,
  ];
  t.match(await sendRaw(served.port, chunks), /^HTTP\/1.1 413/);
  t.match(await post(served.url, sent(full)), { status: 200 }, 'others are served');
});

t.test('many bodies that drip keep nobody else waiting', async (t) => {
  await using served = await serve([take({ 'text/plain': any })], { take: echo }, { limits: { bodyTimeoutMs: 300 } });
  const head = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 100\r\n\r\n';
  const dripping = Array.from({ length: 300 }, () => sendRaw(served.port, [head, 'abc']));
  t.match(await post(served.url, { type: 'text/plain', body: 'x' }), { status: 200 });
  t.ok((await Promise.all(dripping)).every((answer) => answer.startsWith('HTTP/1.1 408')));
  t.match(await post(served.url, { type: 'text/plain', body: 'x' }), { status: 200 });
});

t.test('a body that drips is answered 408, and a client that leaves is forgotten', async (t) => {
  await using served = await serve([take({ 'text/plain': any })], { take: echo }, { limits: { bodyTimeoutMs: 50 } });
  const head = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 100\r\n\r\n';
  t.match(await sendRaw(served.port, [head, 'abc']), /^HTTP\/1.1 408[^]*urn:parkwise:problem:request-timeout/);
  t.equal(served.app.inFlight, 0);
});

t.test('content without a meaning', async (t) => {
  await using served = await serve(
    [route({ operationId: 'read', path: '/' }), route({ operationId: 'act', method: 'post', path: '/' })],
    { read: echo, act: echo },
  );
  t.match(
    await sendRaw(served.port, ['GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc']),
    /^HTTP\/1.1 200/,
    'is ignored on a read',
  );
  t.match(await post(served.url, { type: 'application/json', body: '{}' }), { status: 415 });
  t.match(await post(served.url, {}), { status: 200 });
});

t.test('of a wildcard, bytes', async (t) => {
  await using served = await serve([take({ '*/*': any, 'text/*': any })], {
    take: handler(async ({ body, reply }) =>
      reply['ok']?.({ isBytes: Buffer.isBuffer(body), text: typeof body === 'string' }),
    ),
  });
  const sent = async (type: string) => (await post(served.url, { type, body: '{' })).body;
  t.same(await sent('application/json'), { isBytes: true, text: false }, 'whatever it calls itself');
  t.same(await sent('text/json'), { isBytes: false, text: true });
});
