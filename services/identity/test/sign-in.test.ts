import t from 'tap';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import {
  answered,
  CLIENT,
  EMAIL,
  PASSWORD,
  registerDriver,
  registerProvider,
  signIn,
  startIdentity,
  trySignIn,
} from './support/identity.ts';

t.test('a person signs in and gets a token that the published keys verify', async (t) => {
  await using app = await startIdentity();
  const user = await registerDriver(app);
  const { body, headers } = answered(await trySignIn(app), 200);
  t.match(body, { token_type: 'Bearer', expires_in: 600, refresh_token: /^rt_[A-Za-z0-9_-]{43}$/ });
  t.equal(body.scope, 'profile:read profile:write spots:read bookings:read bookings:write');
  t.equal(headers['cache-control'], 'no-store');
  const keys = createRemoteJWKSet(new URL('/v1/.well-known/jwks.json', app.url));
  const { payload, protectedHeader } = await jwtVerify(body.access_token, keys, {
    algorithms: ['ES256'],
    typ: 'at+jwt',
    currentDate: app.clock.now(),
    requiredClaims: ['iss', 'aud', 'sub', 'jti', 'iat', 'exp'],
  });
  t.match(payload, { sub: user.id, client_id: CLIENT, scope: body.scope, roles: ['driver'] });
  t.equal((payload.exp ?? 0) - (payload.iat ?? 0), 600);
  t.ok(protectedHeader.kid);
  const again = await signIn(app);
  t.not(decodeJwt(again.access_token).jti, payload.jti);
});

t.test('capitals in the address make no difference', async (t) => {
  await using app = await startIdentity();
  await registerDriver(app);
  t.ok(await signIn(app, { username: 'ANA.García@example.com'.replace('í', 'i') }));
});

t.test('scopes are what is asked for, as far as the roles go', async (t) => {
  await using app = await startIdentity();
  await registerDriver(app);
  await registerProvider(app, 'marta@example.com');
  const driver = await signIn(app, { scope: 'bookings:write spots:write spots:read' });
  t.equal(driver.scope, 'spots:read bookings:write');
  t.equal(decodeJwt(driver.access_token)['scope'], driver.scope);
  const provider = await signIn(app, { username: 'marta@example.com', scope: 'bookings:write spots:write' });
  t.equal(provider.scope, 'spots:write');
  for (const scope of ['users:write', 'spots:read made:up']) {
    const { body, headers } = answered(await trySignIn(app, { scope }), 400);
    t.match(body, { type: 'https://parkwise.dev/problems/invalid-scope', error: 'invalid_scope' });
    t.equal(headers['cache-control'], 'no-store');
  }
});

t.test('nothing tells an unknown account from a wrong password', async (t) => {
  await using app = await startIdentity();
  await registerDriver(app);
  const wrong = answered(await trySignIn(app, { password: 'not the right one' }), 400);
  const unknown = answered(await trySignIn(app, { username: 'nobody@example.com' }), 400);
  const beyond = answered(await trySignIn(app, { username: 'nobody@example.com', scope: 'users:write' }), 400);
  t.match(wrong.body, { type: 'https://parkwise.dev/problems/invalid-grant', error: 'invalid_grant' });
  const { requestId: one, ...said } = wrong.body as typeof wrong.body & { requestId?: string };
  for (const answer of [unknown, beyond]) {
    const { requestId: other, ...same } = answer.body as typeof wrong.body & { requestId?: string };
    t.same(same, said, `${one} and ${other}`);
    t.same(Object.keys(answer.headers).sort(), Object.keys(wrong.headers).sort());
  }
});

t.test('an unknown account is hashed for like any other', async (t) => {
  // With one place and no queue, whoever does not hash is never turned away.
  await using app = await startIdentity({ IDENTITY_HASHING_CONCURRENCY: '1', IDENTITY_HASHING_QUEUE: '0' });
  const tries = Array.from({ length: 8 }, (_, index) => trySignIn(app, { username: `nobody${index}@example.com` }));
  const statuses = (await Promise.all(tries)).map(({ status }) => status);
  t.ok(statuses.includes(429));
  t.ok(statuses.includes(400));
});

t.test('guessing is throttled by account, whether there is one or not, and for the right password too', async (t) => {
  await using app = await startIdentity({ IDENTITY_SIGN_INS_PER_ACCOUNT: '3', IDENTITY_SIGN_IN_WINDOW: 'PT5M' });
  await registerDriver(app);
  await registerProvider(app, 'marta@example.com');
  for (const username of [EMAIL, 'nobody@example.com']) {
    const tries = Array.from({ length: 10 }, (_, index) => trySignIn(app, { username, password: `guess ${index}` }));
    const statuses = (await Promise.all(tries)).map(({ status }) => status);
    t.equal(statuses.filter((status) => status === 400).length, 3, 'guesses at once gain nothing');
    const { body, headers } = answered(await trySignIn(app, { username }), 429);
    t.match(body, { type: 'https://parkwise.dev/problems/too-many-attempts', error: 'temporarily_unavailable' });
    t.match(headers, { 'retry-after': '300', 'cache-control': 'no-store' });
  }
  await signIn(app, { username: 'marta@example.com' });
  app.clock.advance('PT5M');
  await signIn(app);
});

t.test('guessing is throttled by address, and signing in is not', async (t) => {
  await using app = await startIdentity({ IDENTITY_SIGN_INS_PER_ADDRESS: '4' });
  await registerDriver(app);
  for (let times = 0; times < 6; times += 1) await signIn(app);
  for (let guess = 0; guess < 4; guess += 1)
    t.equal((await trySignIn(app, { username: `victim${guess}@example.com` })).status, 400);
  t.equal((await trySignIn(app)).status, 429);
});

t.test('only the first-party application signs people in', async (t) => {
  await using app = await startIdentity();
  await registerDriver(app);
  const service = answered(await trySignIn(app, { client_id: 'booking' }), 400);
  t.match(service.body, { type: 'https://parkwise.dev/problems/unauthorized-client', error: 'unauthorized_client' });
  const stranger = answered(await trySignIn(app, { client_id: 'stranger' }), 401);
  t.match(stranger.body, { type: 'https://parkwise.dev/problems/invalid-client', error: 'invalid_client' });
  t.match(stranger.headers, { 'www-authenticate': /^Basic /, 'cache-control': 'no-store' });
});

t.test('other grants, other encodings and surplus parameters are refused', async (t) => {
  await using app = await startIdentity();
  await registerDriver(app);
  const good = { grant_type: 'password', client_id: CLIENT, username: EMAIL, password: PASSWORD };
  const post = (body: string, type = 'application/x-www-form-urlencoded') =>
    app.fetch('/v1/oauth/token', { method: 'POST', headers: { 'content-type': type }, body });
  const form = (fields: Record<string, string>) => new URLSearchParams(fields).toString();
  t.equal((await post(form(good))).status, 200);
  t.equal((await post(form({ ...good, grant_type: 'implicit' }))).status, 400);
  t.equal((await post(form({ ...good, roles: 'admin' }))).status, 400);
  t.equal((await post(`${form(good)}&username=admin%40parkwise.dev`)).status, 400);
  t.equal((await post(JSON.stringify(good), 'application/json')).status, 415);
  t.equal((await app.fetch(`/v1/oauth/token?${form(good)}`)).status, 405);
});
