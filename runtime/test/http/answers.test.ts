import t from 'tap';
import { handler, memoryUnits, route, scalar, serve, validator, type Handle } from './serve-routes.ts';

const id = validator({
  type: 'object',
  required: ['id'],
  properties: { id: { type: 'integer' } },
  additionalProperties: false,
});
const problemSchema = validator({ type: 'object', required: ['type', 'title', 'status'] });

const place = route({
  operationId: 'place',
  method: 'post',
  path: '/orders',
  idempotencyKey: 'optional',
  responses: {
    '201': {
      headers: {
        location: { required: true, shape: scalar('string'), validate: validator({ type: 'string', pattern: '^/' }) },
      },
      content: { 'application/json': { validate: id } },
    },
    '204': { headers: {}, content: {} },
    '409': { headers: {}, content: { 'application/problem+json': { validate: problemSchema } } },
    '4XX': { headers: {}, content: { 'application/problem+json': { validate: problemSchema } } },
    '500': { headers: {}, content: { 'application/problem+json': { validate: problemSchema } } },
    default: {
      headers: {},
      content: { 'text/plain': { validate: validator({ type: 'string' }) }, 'image/*': { validate: validator(true) } },
    },
  },
  replies: {
    created: { status: 201, contentType: 'application/json', headers: { location: 'Location' } },
    noContent: { status: 204 },
    soldOut: {
      status: 409,
      contentType: 'application/problem+json',
      problem: { type: 'https://example.com/sold-out', title: 'Sold out' },
    },
    clientError: { status: 4, contentType: 'application/problem+json' },
    default: { status: 0, contentType: 'text/plain' },
    picture: { status: 0, contentType: 'image/png' },
    broken: {
      status: 500,
      contentType: 'application/problem+json',
      problem: { type: 'https://example.com/broken', title: 'Broken' },
    },
    ok: { status: 200, contentType: 'application/json' },
  },
});

const post = async (url: string, headers: Record<string, string> = {}) => {
  const answer = await fetch(`${url}/orders`, { method: 'POST', headers });
  return {
    status: answer.status,
    headers: Object.fromEntries(answer.headers as never) as Record<string, string>,
    text: await answer.text(),
  };
};

t.test('constructors of the contract', async (t) => {
  const cases: [string, Handle, object][] = [
    [
      'a body and a header',
      async ({ reply }) => reply['created']!({ id: 1 }, { location: '/orders/1' }),
      { status: 201, headers: { location: '/orders/1', 'content-type': 'application/json' }, text: '{"id":1}' },
    ],
    ['nothing', async ({ reply }) => reply['noContent']!(), { status: 204, text: '' }],
    [
      'a problem',
      async ({ reply }) => reply['soldOut']!({ detail: 'gone', left: 0 }),
      {
        status: 409,
        headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store' },
        text: '{"type":"https://example.com/sold-out","title":"Sold out","status":409,"detail":"gone","left":0}',
      },
    ],
    ['a problem without details', async ({ reply }) => reply['soldOut']!(), { status: 409, text: '"status":409' }],
    [
      'a range',
      async ({ reply }) => reply['clientError']!(418, { type: 'about:blank', title: 'Teapot', status: 418 }),
      { status: 418, text: 'Teapot' },
    ],
    [
      'the default',
      async ({ reply }) => reply['default']!(299, 'texto añejo'),
      { status: 299, headers: { 'content-type': 'text/plain; charset=utf-8' }, text: 'texto añejo' },
    ],
    [
      'bytes of a media range',
      async ({ reply }) => reply['picture']!(200, Buffer.from('png')),
      { status: 200, headers: { 'content-type': 'image/png', 'content-length': '3' }, text: 'png' },
    ],
  ];
  for (const [name, handle, expected] of cases) {
    await using served = await serve([place], { place: handler(handle) });
    t.match(await post(served.url), expected, name);
    t.equal(served.violations.length, 0, `${name} is no violation`);
  }
});

t.test('what the contract does not declare is our bug', async (t) => {
  const cases: [string, Handle][] = [
    ['a property too many', async ({ reply }) => reply['created']!({ id: 1, secret: 'canary' }, { location: '/1' })],
    ['a property of another type', async ({ reply }) => reply['created']!({ id: 'canary' }, { location: '/1' })],
    ['no body', async ({ reply }) => reply['created']!(undefined, { location: '/1' })],
    ['a header missing', async ({ reply }) => reply['created']!({ id: 1 })],
    ['a header that does not fit', async ({ reply }) => reply['created']!({ id: 1 }, { location: 'canary' })],
    ['a status of another constructor', async ({ reply }) => reply['ok']!({ canary: 1 })],
    ['a status that is none', async ({ reply }) => reply['default']!(99, 'x')],
    ['an answer made by hand', async () => ({ status: 201, body: { id: 1 }, headers: { location: '/1' } })],
    ['nothing', async () => undefined],
    ['text where bytes or text belong', async ({ reply }) => reply['picture']!(200, { canary: 1 })],
  ];
  for (const [name, handle] of cases) {
    await using served = await serve([place], { place: handler(handle) });
    const answer = await post(served.url);
    t.match(
      answer,
      {
        status: 500,
        headers: { 'content-type': 'application/problem+json' },
        text: 'urn:parkwise:problem:internal-error',
      },
      name,
    );
    t.notMatch(answer.text, 'canary', `${name}: nothing leaks`);
    t.match(served.violations, [{ operationId: 'place' }], `${name} is reported`);
    t.match(
      served.lines.find(({ level }) => level === 'error'),
      { contractViolation: true, operationId: 'place' },
      `${name} is logged`,
    );
    t.notMatch(JSON.stringify(served.lines), 'canary', `${name}: no value is logged`);
  }
});

t.test('a throw is 500 without its message', async (t) => {
  const thrown: unknown[] = [
    new Error('canary'),
    Object.assign(new Error('canary'), { status: 404, expose: true }),
    'canary',
    null,
    undefined,
  ];
  for (const error of thrown) {
    await using served = await serve([place], { place: handler(() => Promise.reject(error as Error)) });
    const answer = await post(served.url);
    t.equal(answer.status, 500);
    t.notMatch(answer.text, 'canary');
    t.equal(served.violations.length, 0);
  }
});

t.test('a header that cannot be sent is 500', async (t) => {
  await using served = await serve([place], {
    place: handler(async ({ reply }) => reply['created']!({ id: 1 }, { location: '/a\r\nset-cookie: x=1' })),
  });
  const answer = await post(served.url);
  t.equal(answer.status, 500);
  t.notHas(answer.headers, { 'set-cookie': 'x=1' });
});

t.test('commit', async (t) => {
  const key = { 'idempotency-key': 'k' };
  const setUp = async (
    act: (input: Parameters<Handle>[0], count: number, write: (tx: never, row: unknown) => void) => Promise<unknown>,
  ) => {
    const { units, rows, write } = memoryUnits();
    let count = 0;
    const served = await serve(
      [place],
      { place: handler((input) => act(input, (count += 1), write as never)) },
      { unitOfWork: units },
    );
    return { served, rows, calls: () => count };
  };
  type Act = Parameters<typeof setUp>[0];
  const created: Act = ({ reply, commit }, count, write) =>
    commit(async (tx) => {
      write(tx as never, count);
      return reply['created']!({ id: count }, { location: '/orders/1' });
    });

  t.test('a repetition gets the same answer and has no effect', async (t) => {
    const { served, rows, calls } = await setUp(created);
    await using _ = served;
    const first = await post(served.url, key);
    const second = await post(served.url, key);
    t.match(first, { status: 201, text: '{"id":1}' });
    t.match(second, {
      status: 201,
      text: '{"id":1}',
      headers: { location: '/orders/1', 'content-type': 'application/json', 'idempotency-replayed': 'true' },
    });
    t.strictSame(rows, [1]);
    t.equal(calls(), 1);
    t.match(await post(served.url, { 'idempotency-key': 'other' }), { text: '{"id":2}' });
    t.match(await post(served.url), { text: '{"id":3}' }, 'without a key nothing is repeated');
    t.match(await post(served.url, { 'idempotency-key': 'x'.repeat(256) }), { status: 400, text: '/Idempotency-Key' });
  });

  t.test('a hundred at once have one effect', async (t) => {
    const { served, rows } = await setUp(created);
    await using _ = served;
    const answers = await Promise.all(Array.from({ length: 100 }, () => post(served.url, key)));
    t.ok(answers.every(({ status }) => status === 201));
    t.equal(answers.filter(({ headers }) => headers['idempotency-replayed'] === 'true').length, 99);
    t.equal(rows.length, 1);
  });

  t.test('another request under the key is 422', async (t) => {
    const { served } = await setUp(created);
    await using _ = served;
    await post(served.url, key);
    const answer = await fetch(`${served.url}/orders`, {
      method: 'POST',
      headers: { ...key, 'content-type': 'text/plain' },
    });
    t.equal(answer.status, 422);
  });

  t.test('4xx keeps the answer and not the rows', async (t) => {
    const { served, rows, calls } = await setUp(({ reply, commit }, count, write) =>
      commit(async (tx) => {
        write(tx as never, count);
        return reply['soldOut']!({ detail: `try ${count}` });
      }),
    );
    await using _ = served;
    t.match(await post(served.url, key), { status: 409, text: 'try 1' });
    t.match(await post(served.url, key), { status: 409, text: 'try 1' });
    t.strictSame(rows, []);
    t.equal(calls(), 1);
  });

  const freed: [string, Act][] = [
    ['5xx', ({ reply, commit }, count, write) => commit(async (tx) => (write(tx as never, count), reply['broken']!()))],
    [
      'a throw',
      ({ commit }, count, write) => commit(async (tx) => (write(tx as never, count), Promise.reject(new Error('no')))),
    ],
    [
      'an answer that the contract does not declare',
      ({ reply, commit }, count, write) => commit(async (tx) => (write(tx as never, count), reply['ok']!({}))),
    ],
    [
      'work that returns no answer',
      ({ reply, commit }, count, write) =>
        commit(async (tx) => void write(tx as never, count)).then(() => reply['noContent']!()),
    ],
  ];
  for (const [name, act] of freed) {
    t.test(`${name} rolls back, and the key stays free`, async (t) => {
      const { served, rows, calls } = await setUp(act);
      await using _ = served;
      t.equal((await post(served.url, key)).status, 500);
      t.equal((await post(served.url, key)).status, 500);
      t.equal(calls(), 2);
      t.strictSame(rows, []);
    });
  }

  t.test('an answer without commit leaves the key free', async (t) => {
    const { served, calls } = await setUp(async ({ reply }) => reply['soldOut']!());
    await using _ = served;
    await post(served.url, key);
    await post(served.url, key);
    t.equal(calls(), 2);
  });

  t.test('can be called once', async (t) => {
    const { served } = await setUp(async ({ reply, commit }) => {
      await commit(async () => reply['noContent']!());
      return commit(async () => reply['noContent']!());
    });
    await using _ = served;
    t.equal((await post(served.url)).status, 500);
  });

  t.test('busy is 409 with Retry-After', async (t) => {
    await using served = await serve(
      [place],
      { place: handler(async ({ reply }) => reply['noContent']!()) },
      { unitOfWork: { open: () => ({ outcome: 'busy', retryAfterSeconds: 2 }) } },
    );
    t.match(await post(served.url, key), { status: 409, headers: { 'retry-after': '2' }, text: 'request-in-progress' });
  });
});

t.test('an operation without a handler does not start', async (t) => {
  await t.rejects(serve([place], {}), /place has no handler/);
  await t.rejects(serve([route({ operationId: 'toString', path: '/' })], {}), /has no handler/);
});
