import t from 'tap';
import { createVerifier } from '../../src/security/create-verifier.ts';
import { InvalidTokenError, KeysUnavailableError } from '../../src/security/verified-token.ts';
import { createKey, manualClock, signingIssuer, type Changes } from './signing-issuer.ts';

const setUp = async (more: { cacheSize?: number } = {}) => {
  const clock = manualClock();
  const issuer = await signingIssuer(clock);
  const verifier = createVerifier({
    mode: 'production',
    issuer: issuer.trust,
    clock,
    fetch: issuer.fetchKeys,
    ...more,
  });
  return { clock, issuer, verifier, state: issuer.state };
};

t.test('a good token', async (t) => {
  const { issuer, verifier } = await setUp();
  t.match(await verifier.verify(await issuer.sign()), {
    subject: 'user-1',
    scopes: ['orders:read', 'orders:write'],
    roles: ['buyer'],
  });
  t.match(await verifier.verify(await issuer.sign({ header: { typ: 'application/at+jwt' } })), { subject: 'user-1' });
  t.match(await verifier.verify(await issuer.sign({ claims: { aud: ['others', 'orders'] } })), { subject: 'user-1' });
  t.match(await verifier.verify(await issuer.sign({ without: ['scope', 'roles'] })), { scopes: [], roles: [] });
});

t.test('RS256 is accepted too', async (t) => {
  const { issuer, verifier, state } = await setUp();
  const rsa = await createKey('RS256', 'rsa');
  state.keys.push(rsa);
  t.match(await verifier.verify(await issuer.sign({ key: rsa })), { subject: 'user-1' });
});

t.test('tokens that are not accepted', async (t) => {
  const { issuer, verifier, state } = await setUp();
  const now = Date.parse('2026-01-01T00:00:00Z') / 1000;
  const foreign = await createKey('ES256', 'k1');
  const p384 = await createKey('ES384', 'k384');
  const pss = await createKey('PS256', 'pss');
  state.keys.push(p384, pss);
  const cases: Record<string, Changes> = {
    'of another type': { header: { typ: 'JWT' } },
    'without a type': { header: { typ: undefined } },
    'of another issuer': { claims: { iss: 'https://other.test' } },
    'for another audience': { claims: { aud: 'payments' } },
    expired: { claims: { exp: now - 60, iat: now - 300 } },
    'not yet valid': { claims: { nbf: now + 60 } },
    'from the future': { claims: { iat: now + 60 } },
    'that lives too long': { claims: { exp: now + 3600 } },
    'that lives too long and hides since when': { claims: { exp: now + 3600 }, without: ['iat'] },
    'signed by a stranger under a known key id': { key: foreign },
    'with an algorithm that is none of ours': { key: p384 },
    'with RSA-PSS': { key: pss },
    'with critical extensions': { header: { crit: ['x'], x: 1 } },
    'with a subject that is no text': { claims: { sub: 7 } },
    'with an empty subject': { claims: { sub: '' } },
  };
  for (const claim of ['iss', 'aud', 'exp', 'sub', 'jti']) cases[`without ${claim}`] = { without: [claim] };
  for (const [name, changes] of Object.entries(cases)) {
    let token: string;
    try {
      token = await issuer.sign(changes);
    } catch {
      t.pass(`${name}: cannot even be signed`);
      continue;
    }
    await t.rejects(async () => verifier.verify(token), InvalidTokenError, name);
  }
  const [head, payload, signature] = (await issuer.sign()).split('.');
  const none = `${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')}.${payload}.`;
  const other = Buffer.from(
    JSON.stringify({ ...JSON.parse(Buffer.from(payload ?? '', 'base64url').toString()), sub: 'admin' }),
  ).toString('base64url');
  for (const token of [
    none,
    `${head}.${other}.${signature}`,
    `${head}.${payload}.`,
    'a.b.c',
    'abc',
    '',
    'x'.repeat(10_000),
  ]) {
    await t.rejects(async () => verifier.verify(token), InvalidTokenError, token.slice(0, 20));
  }
});

t.test('a verified token is remembered until it expires', async (t) => {
  const { issuer, verifier, clock } = await setUp();
  const token = await issuer.sign();
  t.ok(verifier.verify(token) instanceof Promise);
  await verifier.verify(token);
  t.notOk(verifier.verify(token) instanceof Promise, 'known at once');
  clock.advance(306_000);
  await t.rejects(async () => verifier.verify(token), InvalidTokenError, 'not served once it has ended');
});

t.test('the memory is bounded', async (t) => {
  const { issuer, verifier } = await setUp({ cacheSize: 2 });
  const tokens = await Promise.all([1, 2, 3].map(() => issuer.sign()));
  for (const token of tokens) await verifier.verify(token);
  t.ok(verifier.verify(tokens[0] ?? '') instanceof Promise, 'the oldest is forgotten');
});

t.test('rotation: a new key is fetched, and what the withdrawn one signed is forgotten', async (t) => {
  const { issuer, verifier, clock, state } = await setUp();
  const old = await issuer.sign({ claims: { exp: clock.now().getTime() / 1000 + 600 } });
  await verifier.verify(old);
  clock.advance(31_000);
  const next = await createKey('ES256', 'k2');
  state.keys = [next];
  t.match(await verifier.verify(await issuer.sign({ key: next })), { subject: 'user-1' });
  t.equal(state.fetches, 2);
  await t.rejects(async () => verifier.verify(old), InvalidTokenError, 'its key is gone');
});

t.test('unknown key ids cause one fetch in thirty seconds', async (t) => {
  const { issuer, verifier, clock, state } = await setUp();
  await verifier.verify(await issuer.sign());
  clock.advance(31_000);
  const tokens = await Promise.all(
    Array.from({ length: 50 }, (_, index) => issuer.sign({ header: { kid: `made-up-${index}` } })),
  );
  await Promise.all(tokens.map((token) => t.rejects(async () => verifier.verify(token), InvalidTokenError)));
  t.equal(state.fetches, 2);
  clock.advance(29_000);
  await t.rejects(async () => verifier.verify(tokens[0] ?? ''), InvalidTokenError);
  t.equal(state.fetches, 2);
  t.match(await verifier.verify(await issuer.sign()), { subject: 'user-1' }, 'good tokens pass meanwhile');
});

t.test('an issuer that is down', async (t) => {
  const { issuer, verifier, clock, state } = await setUp();
  state.isDown = true;
  await t.rejects(async () => verifier.verify(await issuer.sign()), KeysUnavailableError, 'nothing is known yet');
  state.isDown = false;
  clock.advance(1_000);
  await verifier.verify(await issuer.sign());
  state.isDown = true;
  clock.advance(11 * 60_000);
  t.match(await verifier.verify(await issuer.sign()), { subject: 'user-1' }, 'the keys are used a while longer');
  clock.advance(60 * 60_000);
  await t.rejects(async () => verifier.verify(await issuer.sign()), KeysUnavailableError);
});

t.test('the development issuer is refused in production', async (t) => {
  const { issuer, clock } = await setUp();
  t.throws(
    () => createVerifier({ mode: 'production', developmentIssuer: issuer.trust, clock }),
    /no development issuer/,
  );
});
