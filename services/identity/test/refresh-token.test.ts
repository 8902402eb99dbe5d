import t from 'tap';
import { judgeRefresh, nextToken, startFamily } from '../src/domain/refresh-token.ts';

const now = new Date('2037-03-01T08:00:00Z');
const at = (ms: number) => new Date(now.getTime() + ms);
const policy = { idleMs: 1000, totalMs: 5000 };
const family = startFamily({ id: 'f', userId: 'u', clientId: 'app', scopes: ['spots:read'], now }, policy);
const token = nextToken(family, 'hash', now, policy);
const by = { clientId: 'app', now: at(10) };

t.test('a fresh token is rotated', async (t) => t.equal(judgeRefresh(token, family, by), 'rotate'));

t.test('a used one is reuse, also once it has expired', async (t) => {
  const used = { ...token, usedAt: now };
  t.equal(judgeRefresh(used, family, by), 'reused');
  t.equal(judgeRefresh(used, family, { ...by, now: at(2000) }), 'reused');
});

t.test('refused: expired, of another client, of an ended family', async (t) => {
  t.equal(judgeRefresh(token, family, { ...by, now: at(1000) }), 'refused');
  t.equal(judgeRefresh(token, family, { ...by, clientId: 'other' }), 'refused');
  t.equal(judgeRefresh(token, { ...family, revokedAt: now }, by), 'refused');
  t.equal(judgeRefresh(token, family, { ...by, now: at(5000) }), 'refused');
});

t.test('no token outlives its family', async (t) => {
  t.same(nextToken(family, 'hash', at(4500), policy).expiresAt, family.expiresAt);
});
