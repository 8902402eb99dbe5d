import t from 'tap';
import { importJWK, jwtVerify } from 'jose';
import { joseAccessTokens } from '../src/adapters/jose-access-tokens.ts';
import { knexSigningKeys } from '../src/adapters/knex-signing-keys.ts';
import { signingKeys } from '../src/adapters/tables.ts';
import { openTestDatabase } from './support/test-database.ts';

const MINUTE = 60_000;
const policy = { rotateEveryMs: 1000 * MINUTE, publishAheadMs: 30 * MINUTE, keepMs: 11 * MINUTE };

async function withKeys() {
  const database = await openTestDatabase();
  const keys = knexSigningKeys({ ...database, policy });
  let jti = 0;
  const ids = { next: () => String((jti += 1)) };
  const settings = { issuer: 'https://identity.example', audience: 'parkwise', lifetimeSeconds: 600 };
  const tokens = joseAccessTokens({ keys, ids, clock: database.clock, ...settings });
  return { database, keys, tokens };
}

const about = { subject: 'user', clientId: 'app', scopes: ['spots:read', 'bookings:read'], roles: ['driver'] } as const;

t.test('there always is a key, and it is one', async (t) => {
  const { database, keys } = await withKeys();
  await using _ = database;
  const other = knexSigningKeys({ ...database, policy });
  const [one, two] = await Promise.all([keys.current(), other.current()]);
  t.equal(one.id, two.id);
  t.equal((await keys.published()).length, 1);
});

t.test('two processes that rotate at once make one key', async (t) => {
  const { database, keys } = await withKeys();
  await using _ = database;
  await keys.current();
  database.advance(970 * MINUTE);
  const other = knexSigningKeys({ ...database, policy });
  const made = await Promise.all([keys.rotate(), other.rotate(), keys.rotate()]);
  t.equal(made.filter((id) => id !== undefined).length, 1);
  t.equal((await keys.published()).length, 2);
});

t.test(
  'every token can be verified by the keys that were published before it was made, and until it ends',
  async (t) => {
    const { database, keys, tokens } = await withKeys();
    await using _ = database;
    let known = await keys.published();
    const used = new Set<string>();
    for (let minute = 0; minute < 2500; minute += 10) {
      const token = await tokens.issue(about);
      const old = known;
      await keys.rotate();
      known = await keys.published();
      const verifiers = [
        { published: old, when: database.clock.now() },
        { published: known, when: new Date(database.clock.now().getTime() + 599_000) },
      ];
      for (const { published, when } of verifiers) {
        const find = async ({ kid }: { kid?: string }) => {
          const key = published.find(({ id }) => id === kid);
          if (!key) throw new Error(`no key ${kid} at minute ${minute}`);
          used.add(key.id);
          return importJWK({ kty: 'EC', crv: 'P-256', x: key.x, y: key.y }, 'ES256');
        };
        await jwtVerify(token, find, { algorithms: ['ES256'], currentDate: when });
      }
      database.advance(10 * MINUTE);
    }
    t.equal(used.size, 3);
    t.equal(known.length, 1);
    t.equal(await signingKeys.count(database.sql), 1, 'keys that no token needs are gone, private halves and all');
  },
);

t.test('a token is one of RFC 9068', async (t) => {
  const { database, keys, tokens } = await withKeys();
  await using _ = database;
  const token = await tokens.issue({ ...about, session: 'family' });
  const [header, claims] = token.split('.').map((part) => Buffer.from(part, 'base64url').toString());
  const iat = database.clock.now().getTime() / 1000;
  t.same(JSON.parse(header ?? ''), { typ: 'at+jwt', alg: 'ES256', kid: (await keys.current()).id });
  t.same(JSON.parse(claims ?? ''), {
    iss: 'https://identity.example',
    aud: 'parkwise',
    sub: 'user',
    client_id: 'app',
    jti: '1',
    sid: 'family',
    scope: 'spots:read bookings:read',
    roles: ['driver'],
    iat,
    exp: iat + 600,
  });
});

t.test('the session of a token is known for this client, until the token ends, and of no other token', async (t) => {
  const { database, tokens } = await withKeys();
  await using _ = database;
  const token = await tokens.issue({ ...about, session: 'family' });
  t.equal(await tokens.sessionOf(token, 'app'), 'family');
  t.equal(await tokens.sessionOf(token, 'other'), undefined);
  t.equal(await tokens.sessionOf(`${token.slice(0, -4)}AAAA`, 'app'), undefined);
  t.equal(await tokens.sessionOf('rt_anything', 'app'), undefined);
  t.equal(await tokens.sessionOf(`${token.split('.').slice(0, 2).join('.')}.`, 'app'), undefined);
  database.advance(601_000);
  t.equal(await tokens.sessionOf(token, 'app'), undefined);
});
