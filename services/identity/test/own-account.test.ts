import t from 'tap';
import { answered, holder, registerDriver, registerProvider, startIdentity } from './support/identity.ts';

const stranger = { sub: 'nobody-here', roles: ['driver'], scopes: ['profile:read', 'profile:write'] };

t.test('one reads the own account and profile', async (t) => {
  await using app = await startIdentity();
  const user = await registerDriver(app);
  await registerDriver(app, 'another@example.com');
  const me = answered(await app.as(holder(user)).getMe({}), 200);
  t.same(me.body, user);
  t.equal(me.headers.etag, '"v1"');
  const profile = answered(await app.as(holder(user)).getProfile({}), 200);
  t.same(profile.body, user.profile);
  t.equal(profile.headers.etag, '"v1"');
});

t.test('a profile is patched, and others hear what is different', async (t) => {
  await using app = await startIdentity({}, { now: '2037-03-01T08:00:00Z' });
  const user = await registerDriver(app);
  app.clock.advance('PT1H');
  const { body, headers } = answered(
    await app.as(holder(user)).updateProfile({
      headers: { 'If-Match': '"v1"' },
      body: { contactChannel: 'none', phone: null, vehiclePlate: '1234 BCD' },
    }),
    200,
  );
  const expected = { displayName: 'Ana García', locale: 'es-ES', contactChannel: 'none', vehiclePlate: '1234 BCD' };
  t.same(body, expected);
  t.equal(headers.etag, '"v2"');
  t.match(answered(await app.as(holder(user)).getMe({}), 200).body, {
    profile: expected,
    version: 2,
    updatedAt: '2037-03-01T09:00:00.000Z',
  });
  t.same(app.publishedMessages.at(-1), {
    name: 'UserProfileUpdated',
    data: {
      userId: user.id,
      displayName: 'Ana García',
      locale: 'es-ES',
      contactChannel: 'none',
      changed: ['phone', 'contactChannel', 'vehiclePlate'],
      updatedAt: '2037-03-01T09:00:00.000Z',
    },
    key: user.id,
    sequence: 2,
  });
});

t.test('a patch that changes nothing is no change', async (t) => {
  await using app = await startIdentity();
  const user = await registerDriver(app);
  const same = { headers: { 'If-Match': '"v1"' }, body: { displayName: 'Ana García' } };
  t.equal(answered(await app.as(holder(user)).updateProfile(same), 200).headers.etag, '"v1"');
  t.same(app.published('UserProfileUpdated'), []);
});

t.test('of many changes of one state, one is made', async (t) => {
  await using app = await startIdentity();
  const user = await registerDriver(app);
  const patch = (displayName: string) =>
    app.as(holder(user)).updateProfile({ headers: { 'If-Match': '"v1"' }, body: { displayName } });
  const answers = await Promise.all(['One', 'Two', 'Three', 'Four'].map(patch));
  t.same(answers.map(({ status }) => status).sort(), [200, 412, 412, 412]);
  const stale = answers.find(({ status }) => status === 412);
  t.match(stale?.body, { type: 'https://parkwise.dev/problems/stale-version' });
  t.equal(app.published('UserProfileUpdated').length, 1);
});

t.test('only a provider has a business', async (t) => {
  await using app = await startIdentity();
  const driver = await registerDriver(app);
  const provider = await registerProvider(app);
  const patch = {
    headers: { 'If-Match': '"v1"' },
    body: { business: { name: 'Garaje Sur', kind: 'garage' } },
  } as const;
  const refused = answered(await app.as(holder(driver)).updateProfile(patch), 422);
  t.match(refused.body, { type: 'https://parkwise.dev/problems/not-a-provider' });
  const { body } = answered(await app.as(holder(provider)).updateProfile(patch), 200);
  t.same(body.business, { name: 'Garaje Sur', kind: 'garage', taxId: 'B12345678' });
});

t.test('a profile cannot carry what is no part of it', async (t) => {
  await using app = await startIdentity();
  const user = await registerDriver(app);
  const headers = {
    authorization: `Bearer ${await app.token(holder(user))}`,
    'content-type': 'application/merge-patch+json',
    'if-match': '"v1"',
  };
  for (const attack of [
    '{"roles":["admin"]}',
    '{"email":"other@example.com"}',
    '{"version":9}',
    '{"displayName":null}',
    '{}',
  ])
    t.equal((await app.fetch('/v1/me/profile', { method: 'PATCH', headers, body: attack })).status, 400, attack);
  const { 'if-match': _, ...unconditional } = headers;
  const patch = { method: 'PATCH', headers: unconditional, body: '{"displayName":"Ana"}' };
  t.equal((await app.fetch('/v1/me/profile', patch)).status, 428);
  t.same(answered(await app.as(holder(user)).getMe({}), 200).body, user);
});

t.test('who has no account here is told so', async (t) => {
  await using app = await startIdentity();
  const problem = { type: 'https://parkwise.dev/problems/user-not-found', status: 404 };
  t.match(answered(await app.as(stranger).getMe({}), 404).body, problem);
  t.match(answered(await app.as(stranger).getProfile({}), 404).body, problem);
  const patch = { headers: { 'If-Match': '"v1"' }, body: { displayName: 'Ana' } };
  t.match(answered(await app.as(stranger).updateProfile(patch), 404).body, problem);
});

t.test('services have no account, and scopes are needed', async (t) => {
  await using app = await startIdentity();
  const user = await registerDriver(app);
  const status = async (headers: Record<string, string>) => (await app.fetch('/v1/me', { headers })).status;
  const bearer = async (who: Parameters<typeof app.token>[0]) => ({ authorization: `Bearer ${await app.token(who)}` });
  t.equal(await status({}), 401);
  t.equal(await status(await bearer({ sub: 'booking', scopes: ['profile:read'] })), 403);
  t.equal(await status(await bearer({ sub: user.id, roles: ['driver'], scopes: ['spots:read'] })), 403);
  t.equal(await status(await bearer(holder(user))), 200);
});
