import { createHash } from 'node:crypto';
import t from 'tap';
import type { RouteDefinition, SecurityScheme } from '../../src/http/contract.ts';
import { createApiKeys } from '../../src/security/api-keys.ts';
import { InvalidTokenError, KeysUnavailableError, type TokenVerifier } from '../../src/security/verified-token.ts';
import { echo, route, serve } from './serve-routes.ts';

const securitySchemes: Record<string, SecurityScheme> = {
  oauth: { kind: 'bearer' },
  headerKey: { kind: 'apiKey', in: 'header', name: 'X-Api-Key' },
  queryKey: { kind: 'apiKey', in: 'query', name: 'key' },
  cookieKey: { kind: 'apiKey', in: 'cookie', name: 'session' },
};

const tokens: TokenVerifier = {
  verify(token) {
    if (token === 'reader')
      return { subject: 'ana', scopes: ['orders:read'], roles: ['buyer'], claims: { sub: 'ana' } };
    if (token === 'later')
      return Promise.resolve({
        subject: 'eva',
        scopes: ['orders:read', 'orders:write'],
        roles: ['admin'],
        claims: { sub: 'eva' },
      });
    if (token === 'outage') return Promise.reject(new KeysUnavailableError('canary'));
    throw new InvalidTokenError('canary');
  },
};
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const apiKeys = createApiKeys([
  { name: 'partner', sha256: sha256('key-1'), scopes: ['orders:read'], roles: ['partner'] },
  { name: 'browser', sha256: sha256('key-2'), scheme: 'cookieKey' },
]);

const guarded = (operationId: string, security: RouteDefinition['security'], roles?: string[]) =>
  route({ operationId, path: `/${operationId}`, security, ...(roles && { roles }) });

const routes = [
  guarded('open', []),
  guarded('read', [{ oauth: ['orders:read'] }]),
  guarded('write', [{ oauth: ['orders:write'] }]),
  guarded('both', [{ oauth: ['orders:read'], headerKey: [] }]),
  guarded('either', [{ oauth: ['orders:write'] }, { headerKey: [] }]),
  guarded('maybe', [{}, { oauth: ['orders:read'] }]),
  guarded('byQuery', [{ queryKey: [] }]),
  guarded('byCookie', [{ cookieKey: [] }]),
  guarded('scopedKey', [{ headerKey: ['orders:read'] }]),
  guarded('forAdmins', [{ oauth: [] }], ['admin', 'operator']),
];

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

t.test('who may call', async (t) => {
  await using served = await serve(routes, Object.fromEntries(routes.map(({ operationId }) => [operationId, echo])), {
    tables: { name: 'orders', routes, securitySchemes, documents: {} },
    tokens,
    apiKeys,
  });
  const cases: [path: string, headers: Record<string, string>, expected: number | string, challenge?: RegExp][] = [
    ['open', {}, 200],
    ['open', bearer('nonsense'), 200],
    ['read', {}, 401, /^Bearer realm="orders"$/],
    ['read', { authorization: 'Basic abc' }, 401, /^Bearer realm="orders"$/],
    ['read', { authorization: 'Bearer' }, 401, /error="invalid_token"/],
    ['read', { authorization: 'Bearer a b' }, 401, /error="invalid_token"/],
    ['read', bearer('nonsense'), 401, /error="invalid_token"/],
    ['read', bearer('reader'), 'ana'],
    ['read', { authorization: 'bearer reader' }, 'ana'],
    ['read', bearer('later'), 'eva'],
    ['read', bearer('outage'), 503],
    ['read?access_token=reader', {}, 401],
    ['write', bearer('reader'), 403, /error="insufficient_scope", scope="orders:write"/],
    ['write', bearer('later'), 'eva'],
    ['both', bearer('reader'), 401],
    ['both', { 'x-api-key': 'key-1' }, 401],
    ['both', { ...bearer('reader'), 'x-api-key': 'wrong' }, 401],
    ['both', { ...bearer('reader'), 'x-api-key': 'key-1' }, 'ana'],
    ['either', {}, 401, /Bearer .*ApiKey /],
    ['either', bearer('reader'), 403],
    ['either', { 'x-api-key': 'key-1' }, 'partner'],
    ['either', { ...bearer('nonsense'), 'x-api-key': 'key-1' }, 'partner'],
    ['maybe', {}, 200],
    ['maybe', bearer('reader'), 'ana'],
    ['maybe', bearer('nonsense'), 401],
    ['byQuery', {}, 401],
    ['byQuery?key=key-1', {}, 'partner'],
    ['byQuery?key=key-1&key=key-1', {}, 401],
    ['byQuery?key=key-1&other=1', {}, 400],
    ['byQuery?key=%FF', {}, 401],
    ['byCookie', { cookie: 'a=b; session=key-2' }, 'browser'],
    ['byCookie', { cookie: 'session=' }, 401],
    ['either', { 'x-api-key': 'key-2' }, 401],
    ['scopedKey', { 'x-api-key': 'key-1' }, 'partner'],
    ['forAdmins', bearer('reader'), 403],
    ['forAdmins', bearer('later'), 'eva'],
    ['forAdmins', {}, 401],
  ];
  for (const [path, headers, expected, challenge] of cases) {
    const answer = await fetch(`${served.url}/${path}`, { headers });
    const text = await answer.text();
    const name = `${path} ${JSON.stringify(headers)}`;
    if (typeof expected === 'number') t.equal(answer.status, expected, name);
    else t.match(JSON.parse(text), { auth: { subject: expected } }, name);
    if (answer.status === 401) t.ok(answer.headers.get('www-authenticate'), `${name} is challenged`);
    if (challenge) t.match(answer.headers.get('www-authenticate'), challenge, name);
    t.notMatch(text, 'canary');
  }
  t.notMatch(JSON.stringify(served.lines), /reader|key-1|nonsense/, 'no credential is logged');
});

t.test('credentials come before everything else that could be learnt', async (t) => {
  const strict = route({
    ...guarded('read', [{ oauth: ['orders:read'] }]),
    method: 'post',
    body: { required: true, content: {} },
  });
  await using served = await serve(
    [strict],
    { read: echo },
    { tables: { name: 'orders', routes: [strict], securitySchemes, documents: {} }, tokens },
  );
  t.equal((await fetch(`${served.url}/read?x=1`, { method: 'POST', body: '{' })).status, 401);
});

t.test('without a verifier no token is good', async (t) => {
  await using served = await serve(routes, Object.fromEntries(routes.map(({ operationId }) => [operationId, echo])), {
    tables: { name: 'orders', routes, securitySchemes, documents: {} },
  });
  t.equal((await fetch(`${served.url}/read`, { headers: bearer('reader') })).status, 401);
  t.equal((await fetch(`${served.url}/byQuery?key=key-1`)).status, 401);
});

t.test('a scheme that is not declared does not start', async (t) => {
  await t.rejects(serve([guarded('read', [{ nothing: [] }])], { read: echo }), /nothing is not declared/);
});
