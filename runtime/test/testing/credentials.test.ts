import t from 'tap';
import { startTestService, type OperationClient, type RouteDefinition, type TestUser } from '../../src/codegen/v1.ts';
import { echo, parameter, route, scalar } from '../http/serve-routes.ts';
import orders from '../process/fixture/orders/service.ts';

const guarded = (operationId: string, security: RouteDefinition['security'], more: Partial<RouteDefinition> = {}) =>
  route({ operationId, path: `/${operationId}`, security, ...more });

const routes = [
  guarded('byHeader', [{ headerKey: [] }]),
  guarded('byQuery', [{ queryKey: ['orders:read'] }], { parameters: [parameter('query', 'page', scalar('integer'))] }),
  guarded('byCookie', [{ cookieKey: [] }], { parameters: [parameter('cookie', 'theme', scalar('string'))] }),
  guarded('both', [{ headerKey: [], oauth: ['orders:read'] }]),
  guarded('either', [{ headerKey: [] }, { oauth: ['orders:write'] }]),
  guarded('open', []),
];

const service = {
  ...orders,
  tables: {
    ...orders.tables,
    routes,
    securitySchemes: {
      oauth: { kind: 'bearer' },
      headerKey: { kind: 'apiKey', in: 'header', name: 'X-Api-Key' },
      queryKey: { kind: 'apiKey', in: 'query', name: 'key' },
      cookieKey: { kind: 'apiKey', in: 'cookie', name: 'session' },
    },
  },
  bind: (needs: never) => ({
    ...orders.bind(needs),
    operations: Object.fromEntries(routes.map(({ operationId }) => [operationId, echo])),
  }),
} as const;

type Name = 'byHeader' | 'byQuery' | 'byCookie' | 'both' | 'either' | 'open';
interface Shape {
  readonly operations: Readonly<Record<Name, OperationClient>>;
  readonly deliver: object;
  readonly published: object;
  readonly clients: object;
}
const ann = { sub: 'ann', scopes: ['orders:read'] };

t.test('whoever calls shows what the operation asks for, where it asks for it', async (t) => {
  await using app = await startTestService<Shape>(service);
  const by = (scheme: string) => ({ status: 200, body: { auth: { subject: 'ann', scheme } } });
  t.match(await app.as(ann).byHeader({}), by('headerKey'));
  t.match(await app.as(ann).byQuery({ query: { page: 2 } }), { ...by('queryKey'), body: { query: { page: 2 } } });
  t.match(await app.as({ sub: 'ann' }).byQuery({}), { status: 403 }, 'a key allows what its holder may');
  t.match(await app.as(ann).byCookie({ cookies: { theme: 'dark' } }), {
    ...by('cookieKey'),
    body: { cookies: { theme: 'dark' } },
  });
  t.match(await app.as(ann).both({}), by('oauth'));
  t.match(await app.as(ann).open({}), { status: 200 });
});

t.test('of alternatives that with a token is taken, or what the test says', async (t) => {
  await using app = await startTestService<Shape>(service);
  t.match(await app.as(ann).either({}), { status: 403 });
  const shown = (...schemes: string[]): TestUser => ({ ...ann, schemes });
  t.match(await app.as(shown('headerKey')).either({}), { status: 200, body: { auth: { scheme: 'headerKey' } } });
  t.match(await app.as(shown('headerKey')).both({}), { status: 401 });
  t.match(await app.as(shown('oauth')).both({}), { status: 401 });
  t.match(await app.as(shown()).byHeader({}), { status: 401 });
  await t.rejects(app.as(shown('basic')).both({}), { message: /no security scheme "basic"; it has: oauth, headerKey/ });
});

t.test('nobody shows nothing, and a header of the call comes first', async (t) => {
  await using app = await startTestService<Shape>(service);
  for (const name of ['byHeader', 'byQuery', 'byCookie', 'both', 'either'] as const)
    t.match(await app.anonymous()[name]({}), { status: 401 }, name);
  t.match(await app.as(ann).byHeader({ headers: { 'X-Api-Key': 'wrong' } }), { status: 401 });
});
