/** Whatever arrives: an answer below 500, one that the served document knows, and the server lives. */
import t from 'tap';
import { echo, parameter, route, scalar, serve, validator } from './serve-routes.ts';
import { sendRaw } from './raw-request.ts';

const routes = [
  route({
    operationId: 'take',
    method: 'post',
    path: '/v1/{id}/{rest}',
    parameters: [
      parameter('path', 'id', scalar('integer')),
      parameter(
        'path',
        'rest',
        { kind: 'object', properties: { a: scalar('integer') } },
        { style: 'matrix', explode: true },
      ),
      parameter('query', 'list', { kind: 'array', items: scalar('number') }),
      parameter(
        'query',
        'deep',
        { kind: 'object', properties: { a: { kind: 'object', properties: {} } } },
        { style: 'deepObject' },
      ),
      parameter('query', 'json', { kind: 'json' }),
      parameter('header', 'X-List', { kind: 'array', items: scalar('boolean') }),
      parameter('cookie', 'c', scalar('integer')),
    ],
    body: {
      required: false,
      content: {
        'application/json': { validate: validator({ type: 'object' }) },
        'application/x-www-form-urlencoded': {
          validate: validator(true),
          shape: { kind: 'object', properties: { a: { kind: 'array', items: scalar('integer') } } },
        },
        'text/*': { validate: validator(true) },
      },
    },
  }),
];

/** Mulberry32: the same requests every time. */
const random = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let value = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
  return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
};

const scraps = [
  '',
  '0',
  '-1',
  '1e400',
  'null',
  'true',
  '%',
  '%00',
  '%C3%28',
  '%2F',
  '%E2%82%AC',
  '..',
  '.',
  ';',
  ';a=1',
  ';a=1;a=2',
  ',',
  '=',
  '&',
  '?',
  '#',
  '[',
  ']',
  '[]',
  '[a]',
  '[a][b]',
  '[__proto__]',
  '__proto__',
  'constructor',
  '{',
  '}',
  '"',
  "'",
  '\\',
  '\u0001',
  '+',
  ' ',
  '|',
  '$ne',
  '{"a":1}',
  '{"__proto__":{"x":1}}',
  '[[[[[[',
  'a'.repeat(300),
  'list=',
  'list',
  'deep',
  'deep[a]',
  'json=',
  'x',
  '\u00ff',
  '<script>',
  'application/json',
  'text/plain',
  ';charset=',
  'utf-7',
  'gzip',
  'W/"1"',
  '*',
];

t.test('requests made of scraps', async (t) => {
  await using served = await serve(routes, { take: echo }, { limits: { bodyTimeoutMs: 200 } });
  const next = random(7);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)] as T;
  const some = (most: number) => Array.from({ length: Math.floor(next() * most) }, () => pick(scraps)).join('');
  const visible = (text: string) => text.replaceAll(/[^\x21-\x7e]/g, '');
  const segment = (good: string) => (next() < 0.7 ? good : visible(some(3)).replaceAll(/[/?#]/g, '') || 'x');
  const pairs = ['list=1', 'list=1&list=2.5', 'deep[a][b]=c', 'json=[1]', 'json={"a":1}'];
  const query = () =>
    next() < 0.5
      ? pick(pairs)
      : Array.from({ length: 2 }, () => `${pick(['list', 'deep[a]', 'json', some(2)])}=${some(2)}`).join('&');
  const counts: Record<string, number> = {};
  for (let index = 0; index < 600; index += 1) {
    const body = Buffer.from(pick(['', '{"a":1}', some(6)]), pick(['utf8', 'latin1']));
    const head = [
      `${pick(['POST', 'POST', 'POST', 'GET', 'PUT'])} /v1/${segment('7')}/${segment(';a=1')}?${visible(query())} HTTP/1.1`,
      'Host: x',
      'Connection: close',
      `Content-Type: ${pick(['application/json', 'application/x-www-form-urlencoded', 'text/plain', some(3).replaceAll(/[^\x20-\x7e]/g, '')])}`,
      `Content-Length: ${body.length}`,
      `X-List: ${next() < 0.5 ? 'true, false' : some(3).replaceAll(/[^\x20-\x7e]/g, '')}`,
      `Cookie: ${next() < 0.5 ? 'c=1' : some(3).replaceAll(/[^\x20-\x7e]/g, '')}`,
      ...(next() < 0.2
        ? [
            `${pick(['Accept', 'If-None-Match', 'Content-Encoding', 'Traceparent', 'Authorization'])}: ${some(2).replaceAll(/[^\x20-\x7e]/g, '')}`,
          ]
        : []),
      '',
      '',
    ].join('\r\n');
    const answer = await sendRaw(served.port, [head, body], /$^/);
    const status = /^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 'none';
    counts[status] = (counts[status] ?? 0) + 1;
    if (!['200', '400', '404', '405', '406', '415'].includes(status))
      t.fail(`${status} to ${JSON.stringify(head + body.toString('latin1'))}`);
  }
  t.comment(JSON.stringify(counts));
  t.ok((counts['200'] ?? 0) > 0 && (counts['400'] ?? 0) > 0, 'some of them are good');
  t.equal(served.violations.length, 0);
  t.equal((await fetch(`${served.url}/health/live`)).status, 200);
});
