import t from 'tap';
import { knexUsers } from '../src/adapters/knex-users.ts';
import { appoint, changeProfile, changeRoles, register, type UserChange } from '../src/domain/user.ts';
import { openTestDatabase, recordingPublish } from './support/test-database.ts';

const now = new Date('2037-03-01T08:00:00Z');
const profile = { displayName: 'Ana García', locale: 'es-ES', contactChannel: 'email' } as const;
const business = { name: 'Garaje Centro', kind: 'garage', taxId: 'B12345678' } as const;
const id = (number: number) => `018f3c2e-7b1a-7c3d-9e4f-1a2b3c4d5e0${number}`;
const driver = (number: number, email = `driver${number}@example.com`, at = now) =>
  register({ role: 'driver', id: id(number), email, profile: { ...profile, vehiclePlate: '1234 BCD' }, now: at });
const provider = register({ role: 'provider', id: id(9), email: 'p@example.com', profile, business, now });

const sound = (change: UserChange | string): UserChange => {
  if (typeof change === 'string') throw new Error(change);
  return change;
};

t.test('an account comes back as it went in, and its events are published with it', async (t) => {
  await using database = await openTestDatabase();
  const { publish, published } = recordingPublish();
  const users = knexUsers(database.sql, publish);
  t.equal(await database.transaction((tx) => users.add(tx, provider, 'hash')), 'added');
  t.same(await users.byId(id(9)), provider.state);
  t.same(await users.credentialsOf('P@EXAMPLE.com'), { userId: id(9), passwordHash: 'hash' });
  t.equal(await users.byId(id(8)), undefined);
  t.same(published, [
    {
      name: 'UserRegistered',
      data: {
        userId: id(9),
        email: 'p@example.com',
        displayName: 'Ana García',
        locale: 'es-ES',
        roles: ['provider'],
        registeredAt: now.toISOString(),
      },
      about: { key: id(9), sequence: 1 },
    },
    {
      name: 'ProviderRegistered',
      data: {
        providerId: id(9),
        businessName: 'Garaje Centro',
        businessKind: 'garage',
        registeredAt: now.toISOString(),
      },
      about: { key: id(9), sequence: 1 },
    },
  ]);
});

t.test('an address is taken whatever its capitals', async (t) => {
  await using database = await openTestDatabase();
  const { publish, published } = recordingPublish();
  const users = knexUsers(database.sql, publish);
  await database.transaction((tx) => users.add(tx, driver(1, 'Ana@Example.com'), 'hash'));
  const again = await database.transaction((tx) => users.add(tx, driver(2, 'aNA@example.COM'), 'hash'));
  t.equal(again, 'email-taken');
  t.equal(published.length, 1);
});

t.test('of two changes of one version, one is stale', async (t) => {
  await using database = await openTestDatabase();
  const { publish, published } = recordingPublish();
  const users = knexUsers(database.sql, publish);
  const { state } = driver(1);
  await database.transaction((tx) => users.add(tx, driver(1), 'hash'));
  const one = sound(changeProfile(state, { displayName: 'One', vehiclePlate: null }, now));
  const other = sound(changeProfile(state, { displayName: 'Other' }, now));
  t.equal(await database.transaction((tx) => users.save(tx, one)), 'saved');
  t.equal(await database.transaction((tx) => users.save(tx, other)), 'stale');
  t.same(await users.byId(state.id), one.state);
  t.match(published.at(-1), { name: 'UserProfileUpdated', data: { displayName: 'One' }, about: { sequence: 2 } });
});

t.test('roles are replaced, and administrators counted', async (t) => {
  await using database = await openTestDatabase();
  const users = knexUsers(database.sql, recordingPublish().publish);
  const admin = appoint({ id: id(5), email: 'admin@example.com', profile, now });
  await database.transaction(async (tx) => {
    await users.add(tx, driver(1), 'hash');
    await users.add(tx, admin, 'hash');
  });
  const promoted = sound(changeRoles(driver(1).state, { roles: ['admin', 'driver'], otherAdmins: 1, now }));
  await database.transaction((tx) => users.save(tx, promoted));
  t.same((await users.byId(id(1)))?.roles, ['driver', 'admin']);
  await database.transaction(async (tx) => {
    t.equal(await users.otherAdmins(tx, id(5)), 1);
    t.equal(await users.otherAdmins(tx, id(7)), 2);
  });
});

t.test('the list goes from the latest to the oldest, page by page, with equal times told apart', async (t) => {
  await using database = await openTestDatabase();
  const users = knexUsers(database.sql, recordingPublish().publish);
  const later = new Date(now.getTime() + 1);
  await database.transaction(async (tx) => {
    for (const change of [driver(1), driver(2), driver(3, 'late@example.com', later), provider])
      await users.add(tx, change, 'hash');
  });
  const first = await users.list({ role: 'driver', limit: 2 });
  t.same(
    first.map((user) => user.id),
    [id(3), id(2)],
  );
  const rest = await users.list({ role: 'driver', limit: 2, after: { createdAt: now, id: id(2) } });
  t.same(
    rest.map((user) => user.id),
    [id(1)],
  );
  t.equal((await users.list({ limit: 10 })).length, 4);
});
