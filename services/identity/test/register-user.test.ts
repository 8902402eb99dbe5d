import t from 'tap';
import {
  answered,
  driverRegistration,
  PASSWORD,
  providerRegistration,
  registerDriver,
  signIn,
  startIdentity,
  type Identity,
} from './support/identity.ts';

const post = (app: Identity, body: unknown) =>
  app.fetch('/v1/users', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() },
    body: JSON.stringify(body),
  });

t.test('a driver registers, can sign in, and others hear of it', async (t) => {
  await using app = await startIdentity({}, { now: '2037-03-01T08:00:00Z' });
  const { body, headers } = answered(await app.anonymous().registerUser({ body: driverRegistration() }), 201);
  t.match(body, {
    email: 'ana.garcia@example.com',
    roles: ['driver'],
    profile: { displayName: 'Ana García', locale: 'es-ES', phone: '+34600111222', contactChannel: 'email' },
    version: 1,
    createdAt: '2037-03-01T08:00:00.000Z',
    updatedAt: '2037-03-01T08:00:00.000Z',
  });
  t.notMatch(JSON.stringify(body), /password|umbrellas|argon2/i);
  t.match(headers, { location: `/v1/users/${body.id}`, etag: '"v1"' });
  t.same(app.publishedMessages, [
    {
      name: 'UserRegistered',
      data: {
        userId: body.id,
        email: 'ana.garcia@example.com',
        displayName: 'Ana García',
        locale: 'es-ES',
        roles: ['driver'],
        registeredAt: '2037-03-01T08:00:00.000Z',
      },
      key: body.id,
      sequence: 1,
    },
  ]);
  t.ok((await signIn(app)).access_token);
});

t.test('a provider registers with a business', async (t) => {
  await using app = await startIdentity();
  const { body } = answered(await app.anonymous().registerUser({ body: providerRegistration() }), 201);
  t.match(body, { roles: ['provider'], profile: { business: { name: 'Garaje Centro', kind: 'garage' } } });
  t.match(app.publishedMessages, [
    { name: 'UserRegistered', data: { userId: body.id, roles: ['provider'] }, key: body.id, sequence: 1 },
    {
      name: 'ProviderRegistered',
      data: { providerId: body.id, businessName: 'Garaje Centro' },
      key: body.id,
      sequence: 1,
    },
  ]);
});

t.test('an address has one account, whatever its capitals and however many try at once', async (t) => {
  await using app = await startIdentity();
  const emails = ['Ana@Example.com', 'ana@example.com', 'ANA@EXAMPLE.COM', 'aNa@example.com'];
  const answers = await Promise.all(
    emails.map((email) => app.anonymous().registerUser({ body: driverRegistration(email) })),
  );
  t.same(answers.map(({ status }) => status).sort(), [201, 409, 409, 409]);
  const taken = answers.find(({ status }) => status === 409);
  t.match(taken?.body, { type: 'https://parkwise.dev/problems/email-taken', status: 409 });
  t.equal(app.published('UserRegistered').length, 1);
});

t.test('a password that anybody would guess is refused, and the key stays free', async (t) => {
  await using app = await startIdentity();
  const headers = { 'Idempotency-Key': 'the-same-key' };
  const weak = { ...driverRegistration(), password: 'Garcia password1234' };
  const refused = answered(await app.anonymous().registerUser({ headers, body: weak }), 422);
  t.match(refused.body, { type: 'https://parkwise.dev/problems/weak-password' });
  answered(await app.anonymous().registerUser({ headers, body: driverRegistration() }), 201);
});

t.test('a repeated registration is the same one', async (t) => {
  await using app = await startIdentity();
  const call = { headers: { 'Idempotency-Key': 'the-same-key' }, body: driverRegistration() };
  const one = answered(await app.anonymous().registerUser(call), 201);
  const other = answered(await app.anonymous().registerUser(call), 201);
  t.same(other.body, one.body);
  t.equal(app.published('UserRegistered').length, 1);
});

t.test('nobody registers as what they are not', async (t) => {
  await using app = await startIdentity();
  const driver = driverRegistration();
  const attacks = {
    'an administrator': { ...driver, role: 'admin' },
    'more roles': { ...driver, roles: ['driver', 'admin'] },
    'an id of their own': { ...driver, id: '01900000-0000-7000-8000-0000000000a1' },
    'another version': { ...driver, version: 7 },
    'a driver with a business': { ...driver, business: providerRegistration().business },
    'a provider without one': { ...providerRegistration(), business: undefined },
    'a short password': { ...driver, password: 'elevenchars' },
    'no address': { ...driver, email: 'ana.garcia' },
    'a prototype': JSON.parse(`{"__proto__":{"role":"admin"},${JSON.stringify(driver).slice(1)}`) as unknown,
  };
  for (const [what, body] of Object.entries(attacks)) t.equal((await post(app, body)).status, 400, what);
  t.same(app.publishedMessages, []);
});

t.test('more than can be hashed at once are asked to come back', async (t) => {
  await using app = await startIdentity({ IDENTITY_HASHING_CONCURRENCY: '1', IDENTITY_HASHING_QUEUE: '0' });
  const emails = Array.from({ length: 6 }, (_, index) => `driver${index}@example.com`);
  const answers = await Promise.all(
    emails.map((email) => app.anonymous().registerUser({ body: driverRegistration(email) })),
  );
  const turnedAway = answers.filter(({ status }) => status === 429);
  t.ok(turnedAway.length > 0);
  t.match(turnedAway[0], {
    headers: { 'retry-after': '1' },
    body: { type: 'https://parkwise.dev/problems/too-many-attempts', error: 'temporarily_unavailable' },
  });
  t.equal(answers.filter(({ status }) => status === 201).length, 6 - turnedAway.length);
  await registerDriver(app, 'afterwards@example.com');
});

t.test('a password is what was typed, to the last space', async (t) => {
  await using app = await startIdentity();
  const password = ` ${PASSWORD} ñ😀 `;
  answered(await app.anonymous().registerUser({ body: { ...driverRegistration(), password } }), 201);
  t.ok((await signIn(app, { password })).access_token);
});
