import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import t from 'tap';
import type { ParameterDefinition, ValueShape } from '../../src/http/contract.ts';
import { echo, parameter, route, scalar, serve, validator } from './serve-routes.ts';

const text = scalar('string');
const integer = scalar('integer');
const list = (items: ValueShape): ValueShape => ({ kind: 'array', items });
const object = (properties: Record<string, ValueShape>, additional?: ValueShape): ValueShape => ({
  kind: 'object',
  properties,
  ...(additional && { additional }),
});
const rgb = object({ R: integer, G: integer });

type Case = [name: string, parameter: ParameterDefinition, sent: string, expected: unknown];
const style = (style: ParameterDefinition['style'], explode: boolean) => ({ style, explode });

/** What is expected is the value, or the keyword of the fault. */
const fault = (keyword: string) => ({ fault: keyword });

const paths: Case[] = [
  ['simple text', parameter('path', 'p', text), 'blue', 'blue'],
  ['simple text with an encoded slash', parameter('path', 'p', text), 'a%2Fb', 'a/b'],
  ['simple text in UTF-8', parameter('path', 'p', text), 'a%C3%B1o', 'año'],
  ['simple text that is no UTF-8', parameter('path', 'p', text), '%C3', fault('encoding')],
  ['simple text that is no encoding', parameter('path', 'p', text), '%zz', fault('encoding')],
  ['simple integer', parameter('path', 'p', integer), '12', 12],
  ['simple array', parameter('path', 'p', list(integer)), '1,2,3', [1, 2, 3]],
  ['simple array with an encoded comma', parameter('path', 'p', list(text)), 'a%2Cb,c', ['a,b', 'c']],
  ['simple object', parameter('path', 'p', rgb), 'R,100,G,200', { R: 100, G: 200 }],
  ['simple object with an odd part', parameter('path', 'p', rgb), 'R,100,G', fault('style')],
  ['simple exploded object', parameter('path', 'p', rgb, style('simple', true)), 'R=100,G=200', { R: 100, G: 200 }],
  ['simple exploded object without pairs', parameter('path', 'p', rgb, style('simple', true)), 'R,100', fault('style')],
  ['label text', parameter('path', 'p', text, style('label', false)), '.blue', 'blue'],
  ['label without its dot', parameter('path', 'p', text, style('label', false)), 'blue', fault('style')],
  ['label array', parameter('path', 'p', list(text), style('label', false)), '.blue,black', ['blue', 'black']],
  ['label exploded array', parameter('path', 'p', list(text), style('label', true)), '.blue.black', ['blue', 'black']],
  ['label object', parameter('path', 'p', rgb, style('label', false)), '.R,100,G,200', { R: 100, G: 200 }],
  ['label exploded object', parameter('path', 'p', rgb, style('label', true)), '.R=100.G=200', { R: 100, G: 200 }],
  ['matrix text', parameter('path', 'p', text, style('matrix', false)), ';p=blue', 'blue'],
  ['matrix of another name', parameter('path', 'p', text, style('matrix', false)), ';q=blue', fault('style')],
  ['matrix twice', parameter('path', 'p', text, style('matrix', false)), ';p=a;p=b', fault('repeated')],
  ['matrix array', parameter('path', 'p', list(text), style('matrix', false)), ';p=a,b', ['a', 'b']],
  ['matrix exploded array', parameter('path', 'p', list(text), style('matrix', true)), ';p=a;p=b', ['a', 'b']],
  ['matrix object', parameter('path', 'p', rgb, style('matrix', false)), ';p=R,100,G,200', { R: 100, G: 200 }],
  ['matrix exploded object', parameter('path', 'p', rgb, style('matrix', true)), ';R=100;G=200', { R: 100, G: 200 }],
  ['JSON content', parameter('path', 'p', { kind: 'json' }), '%7B%22a%22:%5B1%5D%7D', { a: [1] }],
];

const queries: Case[] = [
  ['form text', parameter('query', 'p', text), 'p=blue+and%20black', 'blue and black'],
  ['form empty text', parameter('query', 'p', text), 'p=', ''],
  ['form text without a value', parameter('query', 'p', text), 'p', ''],
  ['form text with an equals sign', parameter('query', 'p', text), 'p=a=b', 'a=b'],
  ['form text twice', parameter('query', 'p', text), 'p=a&p=b', fault('repeated')],
  ['form text that is no UTF-8', parameter('query', 'p', text), 'p=%FF', fault('encoding')],
  ['form exploded array', parameter('query', 'p', list(integer)), 'p=1&p=2', [1, 2]],
  ['form exploded array of one', parameter('query', 'p', list(integer)), 'p=1', [1]],
  ['form exploded array with a comma in it', parameter('query', 'p', list(text)), 'p=a,b', ['a,b']],
  ['form array', parameter('query', 'p', list(text), style('form', false)), 'p=a,b%2Cc', ['a', 'b,c']],
  ['form array twice', parameter('query', 'p', list(text), style('form', false)), 'p=a&p=b', fault('repeated')],
  ['form exploded object', parameter('query', 'p', rgb), 'R=100&G=200', { R: 100, G: 200 }],
  ['form exploded object with a stranger', parameter('query', 'p', rgb), 'R=1&X=2', fault('additionalProperties')],
  ['form exploded open object', parameter('query', 'p', object({ R: integer }, integer)), 'R=1&X=2', { R: 1, X: 2 }],
  ['form object', parameter('query', 'p', rgb, style('form', false)), 'p=R,100,G,200', { R: 100, G: 200 }],
  [
    'space delimited array',
    parameter('query', 'p', list(text), style('spaceDelimited', false)),
    'p=a%20b+c',
    ['a', 'b', 'c'],
  ],
  [
    'space delimited object',
    parameter('query', 'p', rgb, style('spaceDelimited', false)),
    'p=R%20100%20G%20200',
    { R: 100, G: 200 },
  ],
  [
    'pipe delimited array',
    parameter('query', 'p', list(text), style('pipeDelimited', false)),
    'p=a|b%7Cc%7cd',
    ['a', 'b', 'c', 'd'],
  ],
  [
    'pipe delimited exploded array',
    parameter('query', 'p', list(text), style('pipeDelimited', true)),
    'p=a&p=b',
    ['a', 'b'],
  ],
  ['deep object', parameter('query', 'p', rgb, style('deepObject', true)), 'p[R]=100&p%5BG%5D=200', { R: 100, G: 200 }],
  [
    'deeper object',
    parameter('query', 'p', object({ a: object({ b: integer }) }), style('deepObject', true)),
    'p[a][b]=1',
    { a: { b: 1 } },
  ],
  [
    'deep array',
    parameter('query', 'p', object({ a: list(integer) }), style('deepObject', true)),
    'p[a]=1&p[a]=2',
    { a: [1, 2] },
  ],
  [
    'deep object, a member twice',
    parameter('query', 'p', rgb, style('deepObject', true)),
    'p[R]=1&p[R]=2',
    fault('repeated'),
  ],
  ['deep object without brackets', parameter('query', 'p', rgb, style('deepObject', true)), 'p=1', fault('style')],
  [
    'deep object with a bracket open',
    parameter('query', 'p', rgb, style('deepObject', true)),
    'p[R=1',
    fault('additionalProperties'),
  ],
  [
    'deep object, text and structure',
    parameter('query', 'p', object({ a: object({}) }), style('deepObject', true)),
    'p[a]=1&p[a][b]=1',
    fault('repeated'),
  ],
  ['JSON content', parameter('query', 'p', { kind: 'json' }), 'p=%7B%22a%22%3A1%7D', { a: 1 }],
  ['JSON content that is none', parameter('query', 'p', { kind: 'json' }), 'p=%7B', fault('syntax')],
  [
    'JSON content that is too deep',
    parameter('query', 'p', { kind: 'json' }),
    `p=${'['.repeat(40)}${']'.repeat(40)}`,
    fault('depth'),
  ],
  ['an unknown name', parameter('query', 'p', text), 'p=a&q=b', fault('additionalProperties')],
  ['an unknown name alone', parameter('query', 'p', text), 'q', fault('additionalProperties')],
  ['a name in another case', parameter('query', 'p', text), 'P=1', fault('additionalProperties')],
  ['nothing between ampersands', parameter('query', 'p', text), '&&p=a&', 'a'],
];

const headers: Case[] = [
  ['simple text', parameter('header', 'X-P', text), 'blue', 'blue'],
  ['simple text that looks encoded', parameter('header', 'X-P', text), 'a%20b', 'a%20b'],
  ['simple boolean', parameter('header', 'X-P', scalar('boolean')), 'true', true],
  ['simple array', parameter('header', 'X-P', list(integer)), '1, 2,3', [1, 2, 3]],
  ['simple object', parameter('header', 'X-P', rgb), 'R,100,G,200', { R: 100, G: 200 }],
  [
    'simple exploded object',
    parameter('header', 'X-P', rgb, style('simple', true)),
    'R=100, G=200',
    { R: 100, G: 200 },
  ],
];

const cookies: Case[] = [
  ['form text', parameter('cookie', 'p', text), 'other=%zz; p=a%20b', 'a b'],
  ['form integer', parameter('cookie', 'p', integer), 'p=5', 5],
  ['form text twice', parameter('cookie', 'p', text), 'p=a; p=b', fault('repeated')],
  ['form array', parameter('cookie', 'p', list(text), style('form', false)), 'p=a,b', ['a', 'b']],
  ['form exploded array', parameter('cookie', 'p', list(text)), 'p=a&p=b', ['a', 'b']],
  ['form exploded array as cookies', parameter('cookie', 'p', list(text)), 'p=a; p=b', ['a', 'b']],
  ['form object', parameter('cookie', 'p', rgb, style('form', false)), 'p=R,100,G,200', { R: 100, G: 200 }],
  ['form exploded object', parameter('cookie', 'p', rgb), 'R=100&G=200', { R: 100, G: 200 }],
];

type Place = 'path' | 'query' | 'headers' | 'cookies';

const check = (place: Place, cases: Case[]) =>
  t.test(place, async (t) => {
    const routes = cases.map(([, definition], index) =>
      route({ operationId: `o${index}`, path: `/${index}${place === 'path' ? '/{p}' : ''}`, parameters: [definition] }),
    );
    await using served = await serve(routes, Object.fromEntries(routes.map(({ operationId }) => [operationId, echo])));
    for (const [index, [name, definition, sent, expected]] of cases.entries()) {
      const suffix = place === 'path' ? `/${sent}` : place === 'query' ? `?${sent}` : '';
      const answer = await fetch(`${served.url}/${index}${suffix}`, {
        headers: place === 'headers' ? { 'x-p': sent } : place === 'cookies' ? { cookie: sent } : {},
      });
      const body = (await answer.json()) as Record<string, Record<string, unknown>> & {
        errors?: { keyword: string }[];
      };
      const seen = answer.status === 200 ? body[place]?.[definition.name] : { fault: body.errors?.[0]?.keyword };
      // A text where an object belongs is handed on for the validator, which these routes do not have.
      if (name === 'deep object without brackets') t.equal(answer.status, 400, name);
      else t.strictSame(seen, expected, `${name}: ${sent}`);
    }
  });

await check('path', paths);
await check('query', queries);
await check('headers', headers);
await check('cookies', cookies);

t.test('scalars follow the grammar of JSON', async (t) => {
  const numbers: [string, unknown][] = [
    ['0', 0],
    ['-7', -7],
    ['1.0', 1],
    ['1e3', 1000],
    ['1.5', 1.5],
    ['-0.5E-1', -0.05],
    ['9007199254740991', 9007199254740991],
    ['01', '01'],
    ['+1', ' 1'],
    ['%2B1', '+1'],
    ['.5', '.5'],
    ['5.', '5.'],
    ['0x1F', '0x1F'],
    ['', ''],
    ['%201', ' 1'],
    ['1e999', '1e999'],
    ['NaN', 'NaN'],
    ['Infinity', 'Infinity'],
    ['1_000', '1_000'],
    ['%D9%A1', '١'],
  ];
  const others: [ValueShape, string, unknown][] = [
    [scalar('boolean'), 'true', true],
    [scalar('boolean'), 'false', false],
    [scalar('boolean'), 'True', 'True'],
    [scalar('boolean'), '1', '1'],
    [scalar('boolean'), '', ''],
    [scalar('integer', 'null'), 'null', null],
    [scalar('string', 'null'), 'null', 'null'],
    [scalar('string'), '12', '12'],
    [scalar('string', 'integer'), '12', 12],
    [scalar(), '12', '12'],
  ];
  const cases = [...numbers.map(([sent, value]) => [scalar('number'), sent, value] as const), ...others];
  const routes = cases.map(([shape], index) =>
    route({ operationId: `o${index}`, path: `/${index}`, parameters: [parameter('query', 'p', shape)] }),
  );
  await using served = await serve(routes, Object.fromEntries(routes.map(({ operationId }) => [operationId, echo])));
  for (const [index, [shape, sent, expected]] of cases.entries()) {
    const answer = await fetch(`${served.url}/${index}?p=${sent}`);
    const { query } = (await answer.json()) as { query: { p: unknown } };
    t.strictSame(query.p, expected, `${JSON.stringify(shape)} ${sent}`);
  }
});

t.test('hostile names are names like any other', async (t) => {
  const shape = object({ constructor: integer, ['__proto__']: integer, toString: text });
  const names = ['__proto__', 'constructor', 'hasOwnProperty'];
  const routes = [
    route({ operationId: 'query', path: '/query', parameters: names.map((name) => parameter('query', name, integer)) }),
    route({
      operationId: 'deep',
      path: '/deep',
      parameters: [parameter('query', 'p', shape, style('deepObject', true))],
    }),
    route({
      operationId: 'path',
      path: '/path/{__proto__}/{constructor}',
      parameters: [parameter('path', '__proto__', integer), parameter('path', 'constructor', integer)],
    }),
    route({
      operationId: 'strict',
      path: '/strict',
      parameters: [parameter('query', 'a', text)],
      validate: { query: validator({ type: 'object', required: ['constructor'] }) },
    }),
  ];
  await using served = await serve(routes, { query: echo, deep: echo, path: echo, strict: echo });
  const get = async (path: string) => {
    const answer = await fetch(served.url + path);
    return { status: answer.status, text: await answer.text() };
  };
  t.match(await get('/query?__proto__=1&constructor=2&hasOwnProperty=3'), {
    status: 200,
    text: '"query":{"__proto__":1,"constructor":2,"hasOwnProperty":3}',
  });
  t.match(await get('/query?toString=1'), { status: 400 }, 'what is inherited elsewhere is unknown here');
  t.match(await get('/deep?p[__proto__]=1&p[constructor]=2'), {
    status: 200,
    text: '{"p":{"__proto__":1,"constructor":2}}',
  });
  t.match(
    await get('/deep?p[__proto__][polluted]=1'),
    { status: 200, text: '{"__proto__":{"polluted":"1"}}' },
    'an own property, for the validator to reject',
  );
  t.equal(({} as { polluted?: unknown }).polluted, undefined, 'nothing is polluted');
  t.match(await get('/path/1/2'), { status: 200, text: '"path":{"__proto__":1,"constructor":2}' });
  t.match(
    await get('/strict?a=1'),
    { status: 400, text: '/constructor' },
    'a required name is not found on a prototype',
  );
});

t.test('a header sent twice is no single value', async (t) => {
  const routes = [route({ operationId: 'o', path: '/', parameters: [parameter('header', 'X-P', text)] })];
  await using served = await serve(routes, { o: echo });
  const sending = request(served.url, { headers: { 'x-p': ['a', 'b'] } }).end();
  const [answer] = (await once(sending, 'response')) as [IncomingMessage];
  t.equal(answer.resume().statusCode, 400);
});
