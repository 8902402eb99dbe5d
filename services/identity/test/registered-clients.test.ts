import t from 'tap';
import { registeredClients } from '../src/adapters/registered-clients.ts';
import { openTestDatabase } from './support/test-database.ts';

const secret = 'a-secret-only-for-this-test';
const services = JSON.stringify([{ id: 'booking', secret, scopes: ['spots:read'] }]);

t.test('clients of the settings and of the table', async (t) => {
  await using database = await openTestDatabase();
  const clients = registeredClients({ firstParty: 'app', services, sql: database.sql });
  await database.transaction((tx) => clients.add(tx, { id: 'reports', scopes: ['bookings:read'] }, `${secret}-too`));
  t.equal(await clients.kindOf('app'), 'first-party');
  t.equal(await clients.kindOf('booking'), 'service');
  t.equal(await clients.kindOf('reports'), 'service');
  t.equal(await clients.kindOf('unknown'), undefined);
  t.same(await clients.authenticate('booking', secret), { id: 'booking', scopes: ['spots:read'] });
  t.same(await clients.authenticate('reports', `${secret}-too`), { id: 'reports', scopes: ['bookings:read'] });
  for (const [id, wrong] of [
    ['booking', 'wrong'],
    ['reports', secret],
    ['unknown', ''],
    ['app', ''],
    ['booking', ''],
  ] as const)
    t.equal(await clients.authenticate(id, wrong), undefined, `${id} with ${wrong}`);
});

t.test('a wrong list is refused, and the message holds no secret', async (t) => {
  await using database = await openTestDatabase();
  const wrong = {
    'not JSON': `[{"id":"booking","secret":${secret}}]`,
    'no list': '{}',
    'no id': JSON.stringify([{ secret, scopes: ['spots:read'] }]),
    'a short secret': JSON.stringify([{ id: 'booking', secret: 'short-secret', scopes: ['spots:read'] }]),
    'too much power': JSON.stringify([{ id: 'booking', secret, scopes: ['users:write'] }]),
    'no scopes': JSON.stringify([{ id: 'booking', secret, scopes: [] }]),
    'a name twice': `[${services.slice(1, -1)},${services.slice(1)}`,
    'the first party': JSON.stringify([{ id: 'app', secret, scopes: ['spots:read'] }]),
  };
  for (const [what, text] of Object.entries(wrong)) {
    const message = t.throws(() => registeredClients({ firstParty: 'app', services: text, sql: database.sql }), {
      message: /^IDENTITY_SERVICE_CLIENTS /,
    });
    t.notMatch(String(message), /a-secret|short-secret/, what);
  }
});
