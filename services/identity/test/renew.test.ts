import t from 'tap';
import { decodeJwt } from 'jose';
import { admin, answered, registerDriver, signIn, startIdentity, tryRenew, type Identity } from './support/identity.ts';

async function signedIn(app: Identity, scope?: string) {
  const user = await registerDriver(app);
  const { refresh_token: token = '' } = await signIn(app, scope === undefined ? {} : { scope });
  return { user, token };
}

const renew = async (app: Identity, token: string, how: { scope?: string } = {}) =>
  answered(await tryRenew(app, token, how), 200).body;

const refusal = async (app: Identity, token: string) => answered(await tryRenew(app, token), 400).body.error;

t.test('a refresh token is exchanged for the next', async (t) => {
  await using app = await startIdentity();
  const { user, token } = await signedIn(app, 'spots:read bookings:read');
  const next = await renew(app, token);
  t.not(next.refresh_token, token);
  t.match(next, { scope: 'spots:read bookings:read', expires_in: 600 });
  t.match(decodeJwt(next.access_token), { sub: user.id, roles: ['driver'] });
  await renew(app, next.refresh_token ?? '');
});

t.test('a second use ends all that came from the sign-in, and no other sign-in', async (t) => {
  await using app = await startIdentity();
  const { token } = await signedIn(app);
  const elsewhere = await signIn(app);
  const { refresh_token: next = '' } = await renew(app, token);
  t.equal(await refusal(app, token), 'invalid_grant');
  t.equal(await refusal(app, next), 'invalid_grant');
  await renew(app, elsewhere.refresh_token ?? '');
});

t.test('of many uses at once one at most succeeds, and the family has ended', async (t) => {
  await using app = await startIdentity();
  const { token } = await signedIn(app);
  const answers = await Promise.all(Array.from({ length: 8 }, () => tryRenew(app, token)));
  const good = answers.filter(({ status }) => status === 200);
  t.equal(good.length, 1);
  const [only] = good;
  if (only?.status === 200) t.equal(await refusal(app, only.body.refresh_token ?? ''), 'invalid_grant');
});

t.test('a token that lies unused ends, and so does every sign-in', async (t) => {
  await using app = await startIdentity({ IDENTITY_REFRESH_TOKEN_IDLE: 'P2D', IDENTITY_REFRESH_TOKEN_TOTAL: 'P5D' });
  const { token } = await signedIn(app);
  app.clock.advance('P1D');
  let next = await renew(app, token);
  app.clock.advance('P1D');
  next = await renew(app, next.refresh_token ?? '');
  app.clock.advance('P2D');
  t.equal(await refusal(app, next.refresh_token ?? ''), 'invalid_grant');
  let again = await signIn(app);
  for (let day = 0; day < 4; day += 1) {
    app.clock.advance('P1D');
    again = { ...again, ...(await renew(app, again.refresh_token ?? '')) };
  }
  app.clock.advance('P1D');
  t.equal(await refusal(app, again.refresh_token ?? ''), 'invalid_grant');
});

t.test('less may be asked for, never more, and the next token still has all', async (t) => {
  await using app = await startIdentity();
  const { token } = await signedIn(app, 'spots:read bookings:read');
  const less = await renew(app, token, { scope: 'spots:read bookings:write' });
  t.equal(less.scope, 'spots:read');
  const wrong = answered(await tryRenew(app, less.refresh_token ?? '', { scope: 'bookings:write' }), 400);
  t.match(wrong.body, { error: 'invalid_scope' });
  t.equal((await renew(app, less.refresh_token ?? '')).scope, 'spots:read bookings:read', 'a refusal uses nothing up');
});

t.test('another client cannot use it, nor one that is unknown', async (t) => {
  await using app = await startIdentity();
  const { token } = await signedIn(app);
  t.match(answered(await tryRenew(app, token, { client_id: 'booking' }), 400).body, { error: 'unauthorized_client' });
  t.match(answered(await tryRenew(app, token, { client_id: 'stranger' }), 401).body, { error: 'invalid_client' });
  await renew(app, token);
});

t.test('a token that was made up is refused', async (t) => {
  await using app = await startIdentity();
  t.equal(await refusal(app, 'rt_0J6Hq2m8Xv4Zk1Tn9Rb5Yd3Wc7Lf'), 'invalid_grant');
});

t.test('who gets other roles signs in again', async (t) => {
  await using app = await startIdentity();
  const { user, token } = await signedIn(app);
  const change = { path: { userId: user.id }, headers: { 'If-Match': '"v1"' }, body: { roles: ['provider' as const] } };
  answered(await app.as(admin).setUserRoles(change), 200);
  t.equal(await refusal(app, token), 'invalid_grant');
  t.match(decodeJwt((await signIn(app)).access_token), { roles: ['provider'] });
});
