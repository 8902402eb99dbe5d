import type { IssueToken, IssueTokenRequest } from '../generated/operations.ts';
import type { Grant } from './grants/grant.ts';
import { renew, type RenewNeeds } from './grants/renew.ts';
import { serviceToken, type ServiceTokenNeeds } from './grants/service-token.ts';
import { signIn, type SignInNeeds } from './grants/sign-in.ts';

type Needs = SignInNeeds & RenewNeeds & ServiceTokenNeeds;

export const issueToken =
  (needs: Needs): IssueToken =>
  async (request) => {
    const { reply } = request;
    const grant = await decide(needs, request);
    switch (grant.outcome) {
      case 'granted': {
        const { accessToken, refreshToken, scopes } = grant;
        const token = {
          access_token: accessToken,
          token_type: 'Bearer',
          expires_in: needs.accessTokens.lifetimeSeconds,
          ...(refreshToken !== undefined && { refresh_token: refreshToken }),
          scope: scopes.join(' '),
        } as const;
        return reply.ok(token, { cacheControl });
      }
      case 'invalid-grant':
        return reply.invalidGrant({ detail: details[grant.outcome], error: 'invalid_grant' }, { cacheControl });
      case 'invalid-scope':
        return reply.invalidScope({ detail: details[grant.outcome], error: 'invalid_scope' }, { cacheControl });
      case 'unauthorized-client':
        return reply.unauthorizedClient(
          { detail: details[grant.outcome], error: 'unauthorized_client' },
          { cacheControl },
        );
      case 'invalid-client': {
        const problem = { detail: details[grant.outcome], error: 'invalid_client' } as const;
        return reply.invalidClient(problem, { cacheControl, wwwAuthenticate });
      }
      case 'too-many-attempts': {
        const problem = { detail: details[grant.outcome], error: 'temporarily_unavailable' } as const;
        return reply.tooManyAttempts(problem, { cacheControl, retryAfter: grant.retryAfterSeconds });
      }
    }
  };

function decide(needs: Needs, request: IssueTokenRequest): Promise<Grant> {
  const { body, commit, signal, remoteAddress: address } = request;
  const { client_id: clientId, scope } = body;
  switch (body.grant_type) {
    case 'password': {
      const { username: email, password } = body;
      return signIn(needs, { clientId, email, password, scope, address, commit, signal });
    }
    case 'client_credentials':
      return serviceToken(needs, { clientId, clientSecret: body.client_secret, scope });
    case 'refresh_token':
      return renew(needs, { clientId, refreshToken: body.refresh_token, scope, commit });
  }
}

const cacheControl = 'no-store';
const wwwAuthenticate = 'Basic realm="parkwise"';

const details = {
  'invalid-grant': 'The user name, the password or the refresh token is wrong or no longer valid.',
  'invalid-scope': 'The scope is unknown, or more than this account may have.',
  'unauthorized-client': 'The client may not use this grant.',
  'invalid-client': 'The client is unknown, or its secret is wrong.',
  'too-many-attempts': 'Wait before signing in again.',
} as const;
