import t from 'tap';
import { startTestService, type AnyServiceDefinition } from '@parkwise/runtime/codegen/v1';

/** The generated services of the golden scenarios, over HTTP: 501 says that a request has passed every check. */
const start = async (scenario: string, service: string): ReturnType<typeof startTestService> => {
  const file = new URL(`../golden/${scenario}/expected/services/${service}/src/service.ts`, import.meta.url);
  const { default: definition } = (await import(file.href)) as { default: AnyServiceDefinition };
  return startTestService(definition, {}, {});
};

const json = (body: string): RequestInit => ({ method: 'POST', headers: { 'content-type': 'application/json' }, body });

t.test('parameters of every style', async (t) => {
  await using app = await start('parameters', 'orders');
  const status = async (path: string, init?: RequestInit): Promise<number> => (await app.fetch(path, init)).status;
  t.equal(await status('/a/1,2/.x/;x=1;y=true'), 501);
  t.equal(await status('/a/1,a/.x/;x=1'), 400);
  t.equal(await status('/a/1/.x/;y=true'), 400);
  t.equal(await status('/a/1/.x/;x=1?tags=a|b&words=a%20b&filter[price]=1.5&filter[open]=true&mixed=3'), 501);
  t.equal(await status('/a/1/.x/;x=1?json=%7B%22a%22%3A1%7D'), 501);
  t.equal(await status('/a/1/.x/;x=1?json=%7B'), 400);
  t.equal(await status('/a/1/.x/;x=1?filter[other]=1'), 400);
  t.equal(await status('/a/1/.x/;x=1?mixed=some'), 400);
  t.equal(await status('/a/1/.x/;x=1?unknown=1'), 400);
  t.equal(await status('/a/1/.x/;x=1', { headers: { 'x-trace': 'a' } }), 400);
  t.equal(await status('/a/1/.x/;x=1', { headers: { cookie: 'theme=pink' } }), 400);
  t.equal(await status('/a/1/.x/;x=1', { headers: { cookie: 'theme=dark', 'x-trace': '1' } }), 501);
});

t.test('schemas and hostile names', async (t) => {
  await using catalogue = await start('schemas', 'catalogue');
  const add = async (body: object): Promise<number> =>
    (await catalogue.fetch('/v1/entries', json(JSON.stringify(body)))).status;
  const entry = { name: 'a', shape: { kind: 'box', side: 1 } };
  t.equal(await add(entry), 501);
  t.equal(await add({ ...entry, unknown: 1 }), 400);
  t.equal(await add({ ...entry, created: '2026-01-01T00:00:00Z' }), 400);
  const pointer = async (body: object): Promise<unknown> => {
    const answer = await catalogue.fetch('/v1/entries', json(JSON.stringify(body)));
    return ((await answer.json()) as { errors: { pointer: string }[] }).errors[0]?.pointer;
  };
  const fault = (shape: object): Promise<unknown> => pointer({ ...entry, shape });
  t.equal(await pointer({ ...entry, labels: { english: 'a' } }), '/labels/english', 'the name that is at fault');
  t.equal(await fault({ kind: 'box', side: 'wide' }), '/shape/side', 'the fault of the alternative that the tag chose');
  t.equal(await fault({ kind: 'box' }), '/shape/side');
  t.equal(await fault({ kind: 'other', side: 1 }), '/shape/kind');
  t.equal(await fault({ side: 1 }), '/shape/kind');
  await using orders = await start('hostile-names', 'orders');
  const remove = async (body: string): Promise<number> => (await orders.fetch('/delete', json(body))).status;
  t.equal(await remove('{"constructor":"a","__proto__":1}'), 501);
  t.equal(await remove('{"constructor":"a","__proto__":{"x":1}}'), 400);
  t.equal(await remove('{}'), 400);
});

t.test('content types and security', async (t) => {
  await using documents = await start('content-types', 'documents');
  const send = async (type: string, body: string): Promise<number> =>
    (await documents.fetch('/documents', { method: 'POST', headers: { 'content-type': type }, body })).status;
  t.equal(await send('application/json', '{"title":"a"}'), 501);
  t.equal(await send('text/plain', 'a'), 501);
  t.equal(await send('application/octet-stream', 'a'), 501);
  t.equal(await send('application/x-www-form-urlencoded', 'pages=3&tags=a&tags=b'), 501);
  t.equal(await send('application/x-www-form-urlencoded', 'pages=10'), 400);
  t.equal(await send('application/xml', '<a/>'), 415);
  const size = async (type: string, body: string): Promise<number> =>
    (await documents.fetch('/größen/a.json', { method: 'PUT', headers: { 'content-type': type }, body })).status;
  t.equal(
    await size('application/json', '9007199254740991'),
    501,
    'a path beyond ASCII, a charset that goes without saying',
  );
  t.equal(await size('application/json; charset=UTF-8', '1'), 501);
  t.equal(await size('application/json; charset=latin1', '1'), 415);
  t.equal(
    await size('application/json', '9007199254740993'),
    400,
    'what a number cannot hold is not changed in silence',
  );
  await using orders = await start('security', 'orders');
  t.equal((await orders.fetch('/open')).status, 501);
  t.equal((await orders.fetch('/keyed')).status, 401);
  t.equal((await orders.fetch('/either')).status, 401);
  const token = await orders.token({ sub: 'a', scopes: ['a:read'] });
  t.equal((await orders.fetch('/either', { headers: { authorization: `Bearer ${token}` } })).status, 501);
});

t.test('a service whose messages come in several versions', async (t) => {
  await using enrolment = await start('messaging', 'enrolment');
  t.equal((await enrolment.fetch('/health/ready')).status, 200, 'old versions need an upcaster and no handler');
});
