import t from 'tap';
import { appoint, changeProfile, changeRoles, register, type User, type UserChange } from '../src/domain/user.ts';

const now = new Date('2037-03-01T08:00:00Z');
const later = new Date('2037-03-02T08:00:00Z');
const profile = { displayName: 'Ana García', locale: 'es-ES', contactChannel: 'email' } as const;
const business = { name: 'Garaje Centro', kind: 'garage', taxId: 'B12345678' } as const;

const driver = register({ role: 'driver', id: 'd', email: 'ana@example.com', profile, now });
const provider = register({ role: 'provider', id: 'p', email: 'marta@example.com', profile, business, now });

const sound = (change: UserChange | string): UserChange => {
  if (typeof change === 'string') throw new Error(change);
  return change;
};

t.test('a driver registers', async (t) => {
  t.match(driver.state, { roles: ['driver'], version: 1, createdAt: now, updatedAt: now });
  t.same(driver.events, [{ type: 'UserRegistered' }]);
});

t.test('a provider registers with a business', async (t) => {
  t.same(provider.state.profile.business, business);
  t.same(provider.events, [{ type: 'UserRegistered' }, { type: 'ProviderRegistered', business }]);
});

t.test('a profile is merged, and null removes', async (t) => {
  const user: User = { ...driver.state, profile: { ...profile, phone: '+34600111222' } };
  const change = sound(changeProfile(user, { phone: null, contactChannel: 'none' }, later));
  t.same(change.state.profile, { ...profile, contactChannel: 'none' });
  t.match(change.state, { version: 2, createdAt: now, updatedAt: later });
  t.same(change.events, [{ type: 'UserProfileUpdated', changed: ['phone', 'contactChannel'] }]);
});

t.test('a patch that changes nothing is no change', async (t) => {
  t.same(changeProfile(driver.state, { displayName: 'Ana García', phone: null }, later), {
    state: driver.state,
    events: [],
  });
});

t.test("a business keeps what the patch does not name, and is a provider's alone", async (t) => {
  const change = sound(changeProfile(provider.state, { business: { name: 'Garaje Sur', kind: 'garage' } }, later));
  t.same(change.state.profile.business, { ...business, name: 'Garaje Sur' });
  t.equal(changeProfile(driver.state, { business }, later), 'not-a-provider');
});

t.test('roles are kept in one order, each once', async (t) => {
  const change = sound(changeRoles(driver.state, { roles: ['provider', 'driver'], otherAdmins: 0, now: later }));
  t.same(change.state.roles, ['driver', 'provider']);
  t.equal(change.state.version, 2);
  t.same(changeRoles(change.state, { roles: ['provider', 'driver'], otherAdmins: 0, now: later }), {
    state: change.state,
    events: [],
  });
});

t.test('the last administrator stays', async (t) => {
  const { state: admin } = appoint({ id: 'a', email: 'admin@example.com', profile, now });
  t.equal(changeRoles(admin, { roles: ['driver'], otherAdmins: 0, now: later }), 'last-admin');
  t.match(changeRoles(admin, { roles: ['driver'], otherAdmins: 1, now: later }), { state: { roles: ['driver'] } });
  t.match(changeRoles(admin, { roles: ['admin', 'driver'], otherAdmins: 0, now: later }), { state: { version: 2 } });
});
