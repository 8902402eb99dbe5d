import t from 'tap';
import { forgetEndedSessions, knexSessions } from '../src/adapters/knex-sessions.ts';
import { knexUsers } from '../src/adapters/knex-users.ts';
import { nextToken, startFamily } from '../src/domain/refresh-token.ts';
import { register } from '../src/domain/user.ts';
import { openTestDatabase, recordingPublish } from './support/test-database.ts';

const policy = { idleMs: 60_000, totalMs: 600_000 };
const userId = '018f3c2e-7b1a-7c3d-9e4f-1a2b3c4d5e01';

async function withSession() {
  const database = await openTestDatabase();
  const now = database.clock.now();
  const sessions = knexSessions(database.clock);
  const profile = { displayName: 'Ana', locale: 'es', contactChannel: 'email' } as const;
  const change = register({ role: 'driver', id: userId, email: 'ana@example.com', profile, now });
  const signIn = { id: '018f3c2e-7b1a-7c3d-9e4f-1a2b3c4d5ef1', userId, clientId: 'app', now };
  const family = startFamily({ ...signIn, scopes: ['spots:read', 'bookings:read'] }, policy);
  const token = nextToken(family, 'first', now, policy);
  await database.transaction(async (tx) => {
    await knexUsers(database.sql, recordingPublish().publish).add(tx, change, 'hash');
    await sessions.start(tx, family, token);
  });
  return { database, sessions, family, token, now };
}

t.test('a token leads to its family', async (t) => {
  const { database, sessions, family, token } = await withSession();
  await using _ = database;
  await database.transaction(async (tx) => {
    t.same(await sessions.find(tx, 'first'), { token, family });
    t.equal(await sessions.find(tx, 'unknown'), undefined);
  });
});

t.test('a token is used once', async (t) => {
  const { database, sessions, family, token, now } = await withSession();
  await using _ = database;
  const next = nextToken(family, 'second', now, policy);
  t.equal(await database.transaction((tx) => sessions.rotate(tx, token, next)), true);
  t.equal(await database.transaction((tx) => sessions.rotate(tx, token, { ...next, hash: 'third' })), false);
  await database.transaction(async (tx) => {
    t.same((await sessions.find(tx, 'first'))?.token.usedAt, now);
    t.equal(await sessions.find(tx, 'third'), undefined);
  });
});

t.test('families are revoked one by one or all of an account, and keep when it was', async (t) => {
  const { database, sessions, family, now } = await withSession();
  await using _ = database;
  await database.transaction((tx) => sessions.revoke(tx, family.id));
  database.advance(1000);
  await database.transaction((tx) => sessions.revokeAllOf(tx, userId));
  const found = await database.transaction((tx) => sessions.find(tx, 'first'));
  t.same(found?.family.revokedAt, now);
});

t.test('families that have ended are forgotten', async (t) => {
  const { database, sessions } = await withSession();
  await using _ = database;
  await database.transaction((tx) => forgetEndedSessions(tx, database.clock.now()));
  await database.transaction(async (tx) => t.ok(await sessions.find(tx, 'first')));
  database.advance(policy.totalMs);
  await database.transaction((tx) => forgetEndedSessions(tx, database.clock.now()));
  await database.transaction(async (tx) => t.equal(await sessions.find(tx, 'first'), undefined));
});
