import t from 'tap';
import { decodeJwt } from 'jose';
import { admin, answered, registerDriver, signIn, startIdentity, trySignIn } from './support/identity.ts';

const username = 'First.Admin@example.com';
const password = 'a very first password';
const settings = { IDENTITY_FIRST_ADMIN_EMAIL: username, IDENTITY_FIRST_ADMIN_PASSWORD: password };

t.test('the settings appoint the first administrator, once', async (t) => {
  await using app = await startIdentity(settings);
  await app.runJob('appoint-first-admin');
  await app.runJob('appoint-first-admin');
  t.same(decodeJwt((await signIn(app, { username, password })).access_token)['roles'], ['admin']);
  t.equal(app.published('UserRegistered').length, 1);
});

t.test('nobody is appointed without settings, nor with the address of somebody who has registered', async (t) => {
  await using without = await startIdentity();
  await without.runJob('appoint-first-admin');
  t.same(without.publishedMessages, []);

  await using app = await startIdentity(settings);
  await registerDriver(app, 'first.admin@example.com');
  await app.runJob('appoint-first-admin');
  t.equal((await trySignIn(app, { username, password })).status, 400);
  t.same(answered(await app.as(admin).listUsers({ query: { role: 'admin' } }), 200).body.items, []);
});

t.test('nobody is appointed while there is an administrator', async (t) => {
  await using app = await startIdentity(settings);
  const { id: userId } = await registerDriver(app);
  const change = { path: { userId }, headers: { 'If-Match': '"v1"' }, body: { roles: ['admin' as const] } };
  answered(await app.as(admin).setUserRoles(change), 200);
  await app.runJob('appoint-first-admin');
  t.equal(app.published('UserRegistered').length, 1);
});

t.test('what has ended is forgotten, what has not is kept', async (t) => {
  await using app = await startIdentity({ IDENTITY_SIGN_INS_PER_ACCOUNT: '1' });
  await registerDriver(app);
  const wrong = { password: 'not the right one' };
  t.equal((await trySignIn(app, wrong)).status, 400);
  await app.runJob('forget-what-has-ended');
  t.equal((await trySignIn(app, wrong)).status, 429);
  app.clock.advance('PT15M');
  await app.runJob('forget-what-has-ended');
  await signIn(app);
});
