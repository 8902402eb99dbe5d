import t from 'tap';
import type { RouteDefinition, Validator } from '@parkwise/runtime/codegen/v1';

/** What the validators of the golden scenarios let pass and what they refuse: one table per kind of construct. */
const routeOf = async (scenario: string, service: string, operationId: string): Promise<RouteDefinition> => {
  const file = new URL(`../golden/${scenario}/expected/services/${service}/src/generated/routes.ts`, import.meta.url);
  const { routes } = (await import(file.href)) as { routes: readonly RouteDefinition[] };
  const route = routes.find((one) => one.operationId === operationId);
  if (!route) throw new Error(`no route ${operationId}`);
  return route;
};

/** What the validator says of a value: the pointer of the first fault, or `passes`. */
const verdict = (validate: Validator | undefined, value: unknown): string => {
  if (!validate) throw new Error('there is no validator');
  return validate(structuredClone(value)) ? 'passes' : (validate.errors?.[0]?.instancePath ?? 'fails');
};

const id = '018f4a10-5c6d-7e8f-9a0b-3c4d5e6f7a01';
const line = { article: 'pen', quantity: 1 };
const own = (json: string): unknown => JSON.parse(json);

t.test('requests and answers of a common contract', async (t) => {
  const place = await routeOf('basics', 'orders', 'placeOrder');
  const body = place.body?.content['application/json']?.validate;
  t.equal(verdict(body, { lines: [line], coupon: 'x' }), 'passes');
  t.equal(verdict(body, { lines: [{ ...line, price: 0.07 }] }), 'passes', 'decimals are exact');
  t.equal(verdict(body, { lines: [{ ...line, price: 0.075 }] }), '/lines/0/price');
  t.equal(verdict(body, { id, lines: [line] }), '/id', 'what only we set is refused');
  t.equal(verdict(body, { lines: [line], extra: 1 }), '');
  t.equal(verdict(body, { lines: [] }), '/lines');
  t.equal(verdict(body, { lines: [{ ...line, quantity: 1.5 }] }), '/lines/0/quantity');
  t.equal(verdict(body, { lines: [{ ...line, quantity: '1' }] }), '/lines/0/quantity', 'nothing is coerced in a body');
  const answer = place.responses['201']?.content['application/json']?.validate;
  t.equal(verdict(answer, { id, lines: [line] }), 'passes');
  t.equal(
    verdict(answer, { id, lines: [line], coupon: 'x' }),
    '/coupon',
    'what only the caller sets is never answered',
  );
  t.equal(verdict(answer, { lines: [line] }), '', 'what only we set has to be there');
  t.equal(verdict(place.responses['201']?.headers['retry-after']?.validate, 101), '');

  const list = await routeOf('basics', 'orders', 'listOrders');
  const query: Record<string, unknown> = {};
  t.ok(list.validate.query?.(query));
  t.same(query, { limit: 20 }, 'a default is filled in');
  t.equal(verdict(list.validate.query, { limit: 101 }), '/limit');
  t.equal(verdict(list.validate.query, { unknown: 'x' }), '');
});

t.test('parameters', async (t) => {
  const { validate, parameters } = await routeOf('parameters', 'orders', 'readStyles');
  const path = { simple: [1, 2], label: 'a', matrix: { x: 1 } };
  t.equal(verdict(validate.path, path), 'passes');
  t.equal(verdict(validate.path, { ...path, simple: [1, 10] }), '/simple/1');
  t.equal(verdict(validate.path, { ...path, matrix: { y: true } }), '/matrix');
  t.equal(verdict(validate.query, { ids: [id], filter: { price: 1.5 }, json: { a: 1 }, mixed: 'all' }), 'passes');
  t.equal(verdict(validate.query, { ids: [id, id] }), '/ids');
  t.equal(verdict(validate.query, { ids: [`urn:uuid:${id}`] }), '/ids/0');
  t.equal(verdict(validate.query, { filter: { other: 1 } }), '/filter');
  t.equal(verdict(validate.query, { mixed: 10 }), '/mixed');
  t.equal(verdict(validate.headers, { 'X-Trace': 10 }), '/X-Trace');
  t.equal(verdict(validate.headers, { 'X-Trace': 1, accept: '*/*' }), 'passes', 'other headers are nobody’s business');
  t.equal(verdict(validate.cookies, { theme: 'pink' }), '/theme');
  t.same(
    parameters.map(({ name, style, shape }) => [name, style, shape.kind]),
    [
      ['simple', 'simple', 'array'],
      ['label', 'label', 'scalar'],
      ['matrix', 'matrix', 'object'],
      ['ids', 'form', 'array'],
      ['tags', 'pipeDelimited', 'array'],
      ['words', 'spaceDelimited', 'array'],
      ['filter', 'deepObject', 'object'],
      ['json', 'form', 'json'],
      ['mixed', 'form', 'scalar'],
      ['sort', 'form', 'scalar'],
      ['X-Trace', 'simple', 'scalar'],
      ['theme', 'form', 'scalar'],
    ],
  );
});

t.test('keywords', async (t) => {
  const add = await routeOf('schemas', 'catalogue', 'addEntry');
  const body = add.body?.content['application/json']?.validate;
  const circle = { kind: 'circle', radius: 1 };
  const entry = { name: 'a', shape: circle };
  const check = (extra: object): string => verdict(body, { ...entry, ...extra });
  t.equal(check({}), 'passes');
  t.equal(check({ unknown: 1 }), '', 'unevaluatedProperties');
  t.not(check({ shape: { kind: 'circle', side: 1 } }), 'passes', 'discriminator: the tag chooses');
  t.not(check({ shape: { kind: 'other', radius: 1 } }), 'passes', 'discriminator: an unknown tag');
  t.equal(check({ fixed: 'loose' }), '/fixed', 'const');
  t.equal(check({ pair: ['a', 1] }), 'passes');
  t.equal(check({ pair: ['a', 1, 2] }), '/pair', 'maxItems or items: false');
  t.equal(check({ pair: [1] }), '/pair/0', 'prefixItems');
  t.equal(check({ numbers: [1, 100] }), 'passes');
  t.not(check({ numbers: [1, 2] }), 'passes', 'contains');
  t.equal(check({ labels: { en: 'a' } }), 'passes');
  t.equal(check({ labels: { english: 'a' } }), '/labels', 'propertyNames');
  t.equal(check({ step: 0.3 }), 'passes', 'multipleOf in decimals');
  t.equal(check({ step: 0.35 }), '/step', 'multipleOf');
  t.equal(check({ maybe: null }), 'passes');
  t.equal(check({ children: [{ value: 1, children: [{ value: 2 }] }] }), 'passes', 'recursion');
  t.equal(check({ children: [{ value: 1, children: [{ value: 10 }] }] }), '/children/0/children/0/value');
  t.equal(check({ card: { number: '1' } }), '/card', 'dependentRequired');
  t.equal(check({ created: '2026-01-01T00:00:00Z' }), '/created', 'readOnly');
  t.equal(check({ when: '2026-02-30' }), '/when', 'formats are asserted in full');
  t.equal(check({ either: {} }), '/either', 'anyOf');
  t.equal(check({ limited: { size: 5 } }), 'passes');
  t.equal(check({ limited: { size: 2 } }), '/limited', 'if and then');
  t.equal(check({ notThis: 'this' }), '/notThis', 'not');
  const answer = add.responses['201']?.content['application/json']?.validate;
  t.equal(verdict(answer, { ...entry, created: '2026-01-01T00:00:00Z' }), 'passes');
  t.equal(verdict(answer, { ...entry, created: '2026-01-01 00:00:00Z' }), '/created');
  t.equal(verdict(answer, { ...entry, secret: 'x' }), '/secret', 'writeOnly');
});

t.test('hostile names', async (t) => {
  const remove = await routeOf('hostile-names', 'orders', 'delete');
  const body = remove.body?.content['application/json']?.validate;
  t.equal(verdict(body, {}), '', 'an inherited constructor is none');
  t.equal(verdict(body, own('{"constructor":"a"}')), 'passes');
  t.equal(verdict(body, own('{"constructor":1}')), '/constructor');
  t.ok(body?.(own('{"constructor":"a","__proto__":1,"toString":"a","имя":"a"}')));
  t.notOk(body?.(own('{"constructor":"a","__proto__":10}')), 'a declared __proto__ is checked');
  t.notOk(body?.(own('{"constructor":"a","__proto__":{}}')));
  t.notOk(body?.(own('{"constructor":"a","hasOwnProperty":1}')));
});

t.test('content types', async (t) => {
  const add = await routeOf('content-types', 'documents', 'addDocument');
  const content = add.body?.content ?? {};
  t.equal(verdict(content['application/json']?.validate, { title: 'a' }), 'passes');
  t.equal(verdict(content['text/plain']?.validate, ''), '');
  t.equal(verdict(content['application/octet-stream']?.validate, new Uint8Array(1)), 'passes');
  t.same(content['application/x-www-form-urlencoded']?.shape?.kind, 'object');
  t.equal(verdict(content['application/x-www-form-urlencoded']?.validate, { pages: 10 }), '/pages');
  t.same(Object.keys(add.responses), ['200', '4XX', 'default']);
  t.same(add.replies['okCsv'], { status: 200, contentType: 'text/csv' });
  t.ok((add.replies['clientError']?.status ?? 100) < 100, 'a range takes its status from the handler');
});

t.test('security', async (t) => {
  const security = async (id: string): Promise<unknown> => (await routeOf('security', 'orders', id)).security;
  t.same(await security('readOpen'), []);
  t.same(await security('readKeyed'), [{ key: [] }]);
  t.same(await security('readEither'), [{ key: [] }, { token: ['a:read'] }]);
  t.same(await security('readBoth'), [{ key: [], token: ['a:read', 'b:read'] }]);
  t.same(await security('readOptional'), [{}, { token: [] }]);
  t.same((await routeOf('security', 'orders', 'readOptional')).roles, ['admin']);
});
