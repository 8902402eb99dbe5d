import type { Clock, Commit, Tx } from '@parkwise/runtime';
import { judgeRefresh, nextToken, type RefreshPolicy, type TokenFamily } from '../../domain/refresh-token.ts';
import { grantScopes, scopesOf, type Scope } from '../../domain/scope.ts';
import type { User } from '../../domain/user.ts';
import type { AccessTokens, RefreshSecrets, RegisteredClients, Sessions, Users } from '../ports.ts';
import { refused, type Grant } from './grant.ts';

export interface RenewNeeds {
  readonly registeredClients: RegisteredClients;
  readonly users: Users;
  readonly accessTokens: AccessTokens;
  readonly refreshSecrets: RefreshSecrets;
  readonly refreshPolicy: RefreshPolicy;
  readonly sessions: Sessions;
  readonly clock: Clock;
}

export interface RenewRequest {
  readonly clientId: string;
  readonly refreshToken: string;
  readonly scope: string | undefined;
  readonly commit: Commit;
}

/** A refresh token is exchanged for the next one; the second use of one ends all that came from the same sign-in. */
export async function renew(needs: RenewNeeds, request: RenewRequest): Promise<Grant> {
  const { clientId } = request;
  const kind = await needs.registeredClients.kindOf(clientId);
  if (kind === undefined) return refused('invalid-client');
  if (kind !== 'first-party') return refused('unauthorized-client');
  // What comes out of the transaction is no answer yet: the family's end has to stay although the request is refused.
  const rotated = await request.commit((tx) => rotate(needs, tx, request));
  if (rotated.outcome !== 'rotated') return rotated;
  const { user, family, scopes, refreshToken } = rotated;
  const about = { subject: user.id, clientId, scopes, roles: user.roles, session: family.id };
  return { outcome: 'granted', accessToken: await needs.accessTokens.issue(about), refreshToken, scopes };
}

type Rotated =
  | {
      readonly outcome: 'rotated';
      readonly user: User;
      readonly family: TokenFamily;
      readonly scopes: readonly Scope[];
      readonly refreshToken: string;
    }
  | { readonly outcome: 'invalid-grant' | 'invalid-scope' };

async function rotate(needs: RenewNeeds, tx: Tx, request: RenewRequest): Promise<Rotated> {
  const { sessions, refreshSecrets, refreshPolicy } = needs;
  const now = needs.clock.now();
  const found = await sessions.find(tx, refreshSecrets.hashOf(request.refreshToken));
  if (!found) return refused('invalid-grant');
  const { token, family } = found;
  const verdict = judgeRefresh(token, family, { clientId: request.clientId, now });
  if (verdict === 'reused') await sessions.revoke(tx, family.id);
  const user = verdict === 'rotate' ? await needs.users.byId(family.userId, tx) : undefined;
  if (!user) return refused('invalid-grant');

  // Less may be asked for than at first, never more; and whoever has lost a role has lost its scopes.
  const may = scopesOf(user.roles).filter((scope) => family.scopes.includes(scope));
  const scopes = grantScopes(request.scope, may);
  if (scopes === 'invalid-scope') return refused('invalid-scope');
  const { token: refreshToken, hash } = refreshSecrets.next();
  const isFirst = await sessions.rotate(tx, token, nextToken(family, hash, now, refreshPolicy));
  if (isFirst) return { outcome: 'rotated', user, family, scopes, refreshToken };
  await sessions.revoke(tx, family.id);
  return refused('invalid-grant');
}
