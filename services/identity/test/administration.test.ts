import t from 'tap';
import {
  admin,
  answered,
  holder,
  registerDriver,
  registerProvider,
  startIdentity,
  type Identity,
} from './support/identity.ts';

const setRoles = (app: Identity, userId: string, roles: ('driver' | 'provider' | 'admin')[], version = 1) =>
  app.as(admin).setUserRoles({ path: { userId }, headers: { 'If-Match': `"v${version}"` }, body: { roles } });

t.test('an administrator reads accounts', async (t) => {
  await using app = await startIdentity();
  const user = await registerDriver(app);
  const { body, headers } = answered(await app.as(admin).getUser({ path: { userId: user.id } }), 200);
  t.same(body, user);
  t.equal(headers.etag, '"v1"');
  const nobody = { path: { userId: '018f3c2e-7b1a-7c3d-9e4f-1a2b3c4d5eff' } };
  t.match(answered(await app.as(admin).getUser(nobody), 404).body, {
    type: 'https://parkwise.dev/problems/user-not-found',
  });
});

t.test('accounts are listed page by page, the latest first, each once', async (t) => {
  await using app = await startIdentity();
  const ids: string[] = [];
  for (let number = 0; number < 5; number += 1) {
    ids.unshift((await registerDriver(app, `driver${number}@example.com`)).id);
    if (number % 2 === 0) app.clock.advance('PT1S');
  }
  const provider = await registerProvider(app);
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const query = { role: 'driver', limit: 2, ...(cursor !== undefined && { cursor }) } as const;
    const { body } = answered(await app.as(admin).listUsers({ query }), 200);
    t.ok(body.items.length <= 2);
    seen.push(...body.items.map(({ id }) => id));
    cursor = body.next;
  } while (cursor !== undefined);
  t.same(seen.toSorted(), ids.toSorted());
  t.equal(seen[0], ids[0]);
  const all = answered(await app.as(admin).listUsers({ query: {} }), 200).body;
  t.equal(all.items.length, 6);
  t.equal(all.items[0]?.id, provider.id);
  t.notOk('next' in all);
});

t.test('a cursor that was made up is refused', async (t) => {
  await using app = await startIdentity();
  const text = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const id = '018f3c2e-7b1a-7c3d-9e4f-1a2b3c4d5e01';
  for (const cursor of [
    'made-up',
    text(['never', id]),
    text(['2037-03-01T08:00:00Z', 'x']),
    text({}),
    text([1, 2]),
    text(null),
  ]) {
    const { body } = answered(await app.as(admin).listUsers({ query: { cursor } }), 400);
    t.match(body, { type: 'https://parkwise.dev/problems/invalid-cursor' }, cursor);
  }
  const good = { cursor: text(['2037-03-01T08:00:00Z', id]) };
  answered(await app.as(admin).listUsers({ query: good }), 200);
});

t.test('an administrator sets roles', async (t) => {
  await using app = await startIdentity();
  const user = await registerDriver(app);
  const { body, headers } = answered(await setRoles(app, user.id, ['provider', 'driver']), 200);
  t.match(body, { roles: ['driver', 'provider'], version: 2 });
  t.equal(headers.etag, '"v2"');
  const same = answered(await setRoles(app, user.id, ['driver', 'provider'], 2), 200);
  t.equal(same.headers.etag, '"v2"', 'the same roles are no change');
  const stale = answered(await setRoles(app, user.id, ['driver'], 1), 412);
  t.match(stale.body, { type: 'https://parkwise.dev/problems/stale-version' });
  const nobody = answered(await setRoles(app, '018f3c2e-7b1a-7c3d-9e4f-1a2b3c4d5eff', ['driver']), 404);
  t.match(nobody.body, { type: 'https://parkwise.dev/problems/user-not-found' });
});

t.test('somebody remains who can administer, also if all resign at once', async (t) => {
  await using app = await startIdentity();
  const users = [await registerDriver(app, 'one@example.com'), await registerDriver(app, 'two@example.com')];
  for (const { id } of users) answered(await setRoles(app, id, ['admin']), 200);
  const answers = await Promise.all(users.map(({ id }) => setRoles(app, id, ['driver'], 2)));
  t.same(answers.map(({ status }) => status).sort(), [200, 409]);
  const last = answers.find(({ status }) => status === 409);
  t.match(last?.body, { type: 'https://parkwise.dev/problems/last-admin' });
  const { body } = answered(await app.as(admin).listUsers({ query: { role: 'admin' } }), 200);
  t.equal(body.items.length, 1);
});

t.test('nobody else administers', async (t) => {
  await using app = await startIdentity();
  const user = await registerDriver(app);
  const calls = [
    ['GET', '/v1/users'],
    ['GET', `/v1/users/${user.id}`],
    ['PUT', `/v1/users/${user.id}/roles`],
  ] as const;
  const tries = { anonymous: undefined, self: holder(user), scopeless: { ...admin, scopes: ['profile:read'] } };
  for (const [who, caller] of Object.entries(tries))
    for (const [method, path] of calls) {
      const headers = {
        ...(caller && { authorization: `Bearer ${await app.token(caller)}` }),
        ...(method === 'PUT' && { 'content-type': 'application/json', 'if-match': '"v1"' }),
      };
      const body = method === 'PUT' ? { body: '{"roles":["admin"]}' } : {};
      const { status } = await app.fetch(path, { method, headers, ...body });
      t.equal(status, caller ? 403 : 401, `${who} ${method} ${path}`);
    }
  t.same(answered(await app.as(holder(user)).getMe({}), 200).body.roles, ['driver']);
});
