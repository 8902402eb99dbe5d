import t from 'tap';
import { decodeJwt } from 'jose';
import { admin, answered, signIn, startIdentity } from './support/identity.ts';

t.test('there are people to try the platform as, and everybody has heard of them', async (t) => {
  await using app = await startIdentity({ PARKWISE_DEMO: 'true' });
  const { items } = answered(await app.as(admin).listUsers({ query: { limit: 100 } }), 200).body;
  const emails = items.map(({ email }) => email).toSorted();
  t.same(emails, [
    'admin@parkwise.dev',
    ...[1, 2, 3, 4].map((number) => `driver${number}@parkwise.dev`),
    ...[1, 2, 3, 4].map((number) => `provider${number}@parkwise.dev`),
  ]);
  const ids = { admin: '0000000000a1', provider1: '00000000b001', provider4: '00000000b004', driver1: '00000000d001' };
  for (const [name, end] of Object.entries(ids)) {
    const { access_token: token } = await signIn(app, { username: `${name}@parkwise.dev`, password: 'park-wise-demo' });
    const role = name.replace(/\d/, '');
    t.match(decodeJwt(token), { sub: `01900000-0000-7000-8000-${end}`, roles: [role] });
  }
  t.equal(app.published('UserRegistered').length, 9);
  t.equal(app.published('ProviderRegistered').length, 4);
  const service = { client_id: 'demo-service', client_secret: 'park-wise-demo-client-secret' };
  answered(await app.anonymous().issueToken({ body: { grant_type: 'client_credentials', ...service } }), 200);
});
