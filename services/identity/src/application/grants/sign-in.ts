import type { Clock, Commit, Ids } from '@parkwise/runtime';
import { nextToken, startFamily, type RefreshPolicy } from '../../domain/refresh-token.ts';
import { grantScopes, scopesOf } from '../../domain/scope.ts';
import type {
  AccessTokens,
  Passwords,
  RefreshSecrets,
  RegisteredClients,
  Sessions,
  SignInThrottle,
  Users,
} from '../ports.ts';
import { refused, type Grant } from './grant.ts';

export interface SignInNeeds {
  readonly registeredClients: RegisteredClients;
  readonly users: Users;
  readonly passwords: Passwords;
  readonly throttle: SignInThrottle;
  readonly accessTokens: AccessTokens;
  readonly refreshSecrets: RefreshSecrets;
  readonly refreshPolicy: RefreshPolicy;
  readonly sessions: Sessions;
  readonly clock: Clock;
  readonly ids: Ids;
}

export interface SignInRequest {
  readonly clientId: string;
  readonly email: string;
  readonly password: string;
  readonly scope: string | undefined;
  readonly address: string | undefined;
  readonly signal: AbortSignal;
  readonly commit: Commit;
}

/**
 * A person signs in at the first-party application. Until the password has been found right, nothing tells an account that exists
 * from one that does not: neither the answer, nor how long it takes, nor when it is too many attempts.
 */
export async function signIn(needs: SignInNeeds, request: SignInRequest): Promise<Grant> {
  const { registeredClients, users, passwords, throttle, clock, ids } = needs;
  const { clientId, email, address, commit } = request;
  const kind = await registeredClients.kindOf(clientId);
  if (kind === undefined) return refused('invalid-client');
  if (kind !== 'first-party') return refused('unauthorized-client');

  const attempt = await throttle.attempt({ email, address });
  if (!attempt.admitted) return { outcome: 'too-many-attempts', retryAfterSeconds: attempt.retryAfterSeconds };
  const credentials = await users.credentialsOf(email);
  const isRight = await passwords.verify(request.password, credentials?.passwordHash, request.signal);
  if (isRight === 'overloaded') return { outcome: 'too-many-attempts', retryAfterSeconds: 1 };
  if (!isRight || !credentials) return refused('invalid-grant');
  const user = await users.byId(credentials.userId);
  if (!user) return refused('invalid-grant');
  await throttle.succeeded({ email, address });

  const scopes = grantScopes(request.scope, scopesOf(user.roles));
  if (scopes === 'invalid-scope') return refused('invalid-scope');
  const now = clock.now();
  const family = startFamily({ id: ids.next(), userId: user.id, clientId, scopes, now }, needs.refreshPolicy);
  const { token: refreshToken, hash } = needs.refreshSecrets.next();
  const about = { subject: user.id, clientId, scopes, roles: user.roles, session: family.id };
  const accessToken = await needs.accessTokens.issue(about);
  await commit((tx) => needs.sessions.start(tx, family, nextToken(family, hash, now, needs.refreshPolicy)));
  return { outcome: 'granted', accessToken, refreshToken, scopes };
}
