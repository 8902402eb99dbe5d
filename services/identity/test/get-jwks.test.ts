import t from 'tap';
import { decodeProtectedHeader } from 'jose';
import { answered, registerDriver, signIn, startIdentity, type Identity } from './support/identity.ts';

const keyIds = async (app: Identity) =>
  answered(await app.anonymous().getJwks({}), 200).body.keys.map(({ kid }) => kid);
const signer = async (app: Identity) => decodeProtectedHeader((await signIn(app)).access_token).kid ?? '';

t.test('the keys are public, and only their public halves', async (t) => {
  await using app = await startIdentity();
  const { body, headers } = answered(await app.anonymous().getJwks({}), 200);
  t.equal(headers['cache-control'], 'public, max-age=300');
  t.equal(body.keys.length, 1);
  t.same(Object.keys(body.keys[0] ?? {}).sort(), ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
  t.same(
    await keyIds(app),
    body.keys.map(({ kid }) => kid),
    'reading makes no new ones',
  );
});

t.test('keys change without a token that cannot be verified', async (t) => {
  await using app = await startIdentity({ IDENTITY_KEY_ROTATION: 'P1D', IDENTITY_KEY_PUBLISH_AHEAD: 'PT30M' });
  await registerDriver(app);
  const first = await signer(app);
  app.clock.advance('PT23H30M');
  await app.runJob('rotate-signing-keys');
  await app.runJob('rotate-signing-keys');
  const [next, ...others] = await keyIds(app);
  t.same(others, [first], 'the next key is published');
  t.equal(await signer(app), first, 'and does not sign yet');
  app.clock.advance('PT30M');
  t.equal(await signer(app), next);
  app.clock.advance('PT10M');
  await app.runJob('rotate-signing-keys');
  t.same(await keyIds(app), [next, first], 'the last token that the old one has signed may still be good');
  app.clock.advance('PT1M');
  await app.runJob('rotate-signing-keys');
  t.same(await keyIds(app), [next]);
});
