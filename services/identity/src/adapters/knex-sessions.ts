import type { Knex } from 'knex';
import type { Clock, RowOf, Sql, Tx } from '@parkwise/runtime';
import type { Sessions } from '../application/ports.ts';
import type { TokenFamily } from '../domain/refresh-token.ts';
import { isScope } from '../domain/scope.ts';
import { refreshTokens, tokenFamilies } from './tables.ts';

/** Families of refresh tokens in SQL; of a token its hash alone. */
export const knexSessions = (clock: Clock): Sessions => ({
  async start(tx, { scopes, ...family }, token) {
    await tokenFamilies.insert(tx, { ...family, scope: scopes.join(' ') });
    await refreshTokens.insert(tx, token);
  },

  async find(tx, hash) {
    const token = await refreshTokens.first(tx, { hash });
    if (!token) return undefined;
    const family = await tokenFamilies.first(tx, { id: token.familyId }, { forUpdate: true });
    return family && { token, family: read(family) };
  },

  async rotate(tx, used, next) {
    const claimed = await refreshTokens.update(tx, { hash: used.hash, usedAt: null }, { usedAt: clock.now() });
    if (claimed === 0) return false;
    await refreshTokens.insert(tx, next);
    return true;
  },

  async revoke(tx, familyId) {
    await tokenFamilies.update(tx, { id: familyId, revokedAt: null }, { revokedAt: clock.now() });
  },

  async revokeAllOf(tx, userId) {
    await tokenFamilies.update(tx, { userId, revokedAt: null }, { revokedAt: clock.now() });
  },
});

/** Forgets families that have ended by themselves: their tokens are refused whether or not they are known. */
export async function forgetEndedSessions(tx: Tx, now: Date): Promise<void> {
  const ended = await tokenFamilies.find(tx, before(tx, now), { orderBy: 'expiresAt', limit: 500 });
  const ids = ended.map(({ id }) => id);
  await refreshTokens.delete(tx, { familyId: ids });
  await tokenFamilies.delete(tx, { id: ids });
}

const before = (sql: Sql, now: Date) => (query: Knex.QueryBuilder) =>
  query.where('expires_at', '<=', tokenFamilies.encode(sql, { expiresAt: now })['expires_at'] as string);

const read = ({ scope, ...family }: RowOf<typeof tokenFamilies>): TokenFamily => ({
  ...family,
  scopes: scope.split(' ').filter(isScope),
});
