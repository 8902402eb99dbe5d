import t from 'tap';
import { argon2Passwords } from '../src/adapters/argon2-passwords.ts';

const PASSWORD = 'seven blue umbrellas';

t.test('a password is hashed with Argon2id and found right again', async (t) => {
  const passwords = argon2Passwords({ concurrency: 2, queue: 10 });
  const hash = await passwords.hash(PASSWORD);
  t.match(hash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  t.not(await passwords.hash(PASSWORD), hash, 'each has a salt of its own');
  t.equal(await passwords.verify(PASSWORD, hash), true);
  t.equal(await passwords.verify('seven blue umbrella', hash), false);
});

t.test('letters that look the same are the same, however they are typed', async (t) => {
  const passwords = argon2Passwords({ concurrency: 2, queue: 10 });
  t.equal(
    await passwords.verify('el paraguas de Peña', await passwords.hash('el paraguas de Peña'.normalize('NFD'))),
    true,
  );
});

t.test('nobody has a password, not even the one that is compared in their place', async (t) => {
  const passwords = argon2Passwords({ concurrency: 2, queue: 10 });
  t.equal(await passwords.verify('the password of nobody', undefined), false);
});

t.test('who comes when all places and the queue are taken is told so, and the others are served', async (t) => {
  const passwords = argon2Passwords({ concurrency: 1, queue: 2 });
  const outcomes = await Promise.all(Array.from({ length: 5 }, () => passwords.hash(PASSWORD)));
  t.equal(outcomes.filter((outcome) => outcome === 'overloaded').length, 2);
  t.match(await passwords.hash(PASSWORD), /^\$argon2id/);
});

t.test('who has gone gives the place on', async (t) => {
  const passwords = argon2Passwords({ concurrency: 1, queue: 2 });
  const gone = AbortSignal.abort(new Error('gone'));
  const first = passwords.hash(PASSWORD);
  await t.rejects(passwords.hash(PASSWORD, gone), { message: 'gone' });
  await first;
  t.match(await passwords.hash(PASSWORD), /^\$argon2id/);
});
