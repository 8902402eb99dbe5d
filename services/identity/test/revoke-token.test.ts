import t from 'tap';
import {
  answered,
  CLIENT,
  registerDriver,
  signIn,
  startIdentity,
  tryRenew,
  type Identity,
} from './support/identity.ts';

const revoke = (app: Identity, token: string, client: { client_id?: string; client_secret?: string } = {}) =>
  app.anonymous().revokeToken({ body: { token, client_id: CLIENT, ...client } });

t.test('signing out ends all that came from the sign-in, and no other', async (t) => {
  await using app = await startIdentity();
  await registerDriver(app);
  const { refresh_token: first = '' } = await signIn(app);
  const { refresh_token: elsewhere = '' } = await signIn(app);
  const { refresh_token: next = '' } = answered(await tryRenew(app, first), 200).body;
  answered(await revoke(app, first), 200);
  t.equal((await tryRenew(app, next)).status, 400);
  t.equal((await tryRenew(app, elsewhere)).status, 200);
});

t.test('an access token ends its session too', async (t) => {
  await using app = await startIdentity();
  await registerDriver(app);
  const { access_token: token, refresh_token: refresh = '' } = await signIn(app);
  answered(await revoke(app, token), 200);
  t.equal((await tryRenew(app, refresh)).status, 400);
});

t.test('a token that is unknown or revoked already is answered like any other', async (t) => {
  await using app = await startIdentity();
  await registerDriver(app);
  const { refresh_token: token = '' } = await signIn(app);
  for (const one of [token, token, 'rt_made-up-and-never-issued', 'x', 'a.b.c', '…'])
    t.equal((await revoke(app, one)).status, 200, one);
});

t.test('a client revokes its own tokens alone, and says who it is', async (t) => {
  await using app = await startIdentity();
  await registerDriver(app);
  const { access_token: access, refresh_token: token = '' } = await signIn(app);
  const wrong = answered(await revoke(app, token, { client_id: 'booking', client_secret: 'not-the-right-one' }), 401);
  t.match(wrong.body, { type: 'https://parkwise.dev/problems/invalid-client', error: 'invalid_client' });
  t.match(wrong.headers, { 'www-authenticate': /^Basic / });
  t.equal((await revoke(app, token, { client_id: 'booking' })).status, 401);
  t.equal((await revoke(app, token, { client_id: 'stranger' })).status, 401);
  const booking = { client_id: 'booking', client_secret: 'a-secret-only-for-these-tests' };
  for (const one of [token, access]) t.equal((await revoke(app, one, booking)).status, 200);
  t.equal((await tryRenew(app, token)).status, 200, 'it was not its own');
});
