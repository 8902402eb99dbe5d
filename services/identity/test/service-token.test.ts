import t from 'tap';
import { decodeJwt } from 'jose';
import { answered, CLIENT, startIdentity, type Identity } from './support/identity.ts';

const secret = 'a-secret-only-for-these-tests';
const ask = (app: Identity, { client_id = 'booking', client_secret = secret, scope = '' } = {}) =>
  app.anonymous().issueToken({
    body: { grant_type: 'client_credentials', client_id, client_secret, ...(scope && { scope }) },
  });

t.test('a service gets a token of its own, which cannot be renewed', async (t) => {
  await using app = await startIdentity();
  const { body } = answered(await ask(app), 200);
  t.match(body, { token_type: 'Bearer', scope: 'spots:read' });
  t.notOk('refresh_token' in body);
  const claims = decodeJwt(body.access_token);
  t.match(claims, { sub: 'booking', client_id: 'booking', scope: 'spots:read' });
  t.same(claims['roles'], []);
  t.notOk('sid' in claims);
});

t.test('a service gets no more than it is registered for', async (t) => {
  await using app = await startIdentity();
  t.equal(answered(await ask(app, { scope: 'spots:read bookings:read' }), 200).body.scope, 'spots:read');
  t.match(answered(await ask(app, { scope: 'users:write' }), 400).body, { error: 'invalid_scope' });
});

t.test('a wrong secret and an unknown client are answered alike', async (t) => {
  await using app = await startIdentity();
  const wrong = answered(await ask(app, { client_secret: 'not-the-right-one' }), 401);
  const unknown = answered(await ask(app, { client_id: 'stranger' }), 401);
  t.match(wrong.body, { type: 'https://parkwise.dev/problems/invalid-client', error: 'invalid_client' });
  t.match(wrong.headers, { 'www-authenticate': /^Basic /, 'cache-control': 'no-store' });
  t.equal(unknown.body.detail, wrong.body.detail);
});

t.test('the first-party application has no secret, so it gets none of these', async (t) => {
  await using app = await startIdentity();
  t.match(answered(await ask(app, { client_id: CLIENT }), 400).body, { error: 'unauthorized_client' });
});

t.test('a list of services that makes no sense is not started with', async (t) => {
  await t.rejects(startIdentity({ IDENTITY_SERVICE_CLIENTS: '[{"id":"booking"}]' }), /IDENTITY_SERVICE_CLIENTS/);
});
