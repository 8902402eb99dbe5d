import t from 'tap';
import { forgetEndedWindows, knexSignInThrottle } from '../src/adapters/knex-sign-in-throttle.ts';
import { signInWindows } from '../src/adapters/tables.ts';
import { openTestDatabase } from './support/test-database.ts';

const windowMs = 60_000;
const who = { email: 'ana@example.com', address: '192.0.2.1' };

async function withThrottle() {
  const database = await openTestDatabase();
  const limits = { perAccount: { attempts: 3, windowMs }, perAddress: { attempts: 5, windowMs } };
  return { database, throttle: knexSignInThrottle({ ...database, ...limits }) };
}

t.test('many attempts at once gain nothing, and capitals neither', async (t) => {
  const { database, throttle } = await withThrottle();
  await using _ = database;
  const emails = ['ana@example.com', 'ANA@example.com', 'Ana@Example.com'];
  const tries = Array.from({ length: 20 }, (_, index) =>
    throttle.attempt({ email: emails[index % 3] ?? '', address: `192.0.2.${index}` }),
  );
  const outcomes = await Promise.all(tries);
  t.equal(outcomes.filter(({ admitted }) => admitted).length, 3);
  t.match(outcomes.at(-1), { admitted: false, retryAfterSeconds: 60 });
});

t.test('an address is counted across accounts', async (t) => {
  const { database, throttle } = await withThrottle();
  await using _ = database;
  for (let index = 0; index < 5; index += 1)
    t.match(await throttle.attempt({ email: `${index}@example.com`, address: '::ffff:192.0.2.1' }), { admitted: true });
  t.match(await throttle.attempt(who), { admitted: false });
  t.match(await throttle.attempt({ ...who, address: '192.0.2.2' }), { admitted: true });
});

t.test('who succeeds starts afresh, and the window ends', async (t) => {
  const { database, throttle } = await withThrottle();
  await using _ = database;
  for (let index = 0; index < 9; index += 1) {
    t.match(await throttle.attempt(who), { admitted: true });
    await throttle.succeeded(who);
  }
  for (let index = 0; index < 3; index += 1) await throttle.attempt(who);
  t.match(await throttle.attempt(who), { admitted: false });
  database.advance(windowMs);
  t.match(await throttle.attempt(who), { admitted: true });
});

t.test('nothing of an ended window is kept, nor any address or account in clear', async (t) => {
  const { database, throttle } = await withThrottle();
  await using _ = database;
  await throttle.attempt(who);
  const rows = JSON.stringify(await signInWindows.find(database.sql));
  t.notMatch(rows, /ana|192/);
  await database.transaction((tx) => forgetEndedWindows(tx, database.clock.now()));
  t.equal(await signInWindows.count(database.sql), 2);
  database.advance(windowMs);
  await database.transaction((tx) => forgetEndedWindows(tx, database.clock.now()));
  t.equal(await signInWindows.count(database.sql), 0);
});
