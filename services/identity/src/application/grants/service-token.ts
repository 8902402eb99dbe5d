import { grantScopes } from '../../domain/scope.ts';
import type { AccessTokens, RegisteredClients } from '../ports.ts';
import { refused, type Grant } from './grant.ts';

export interface ServiceTokenNeeds {
  readonly registeredClients: RegisteredClients;
  readonly accessTokens: AccessTokens;
}

export interface ServiceTokenRequest {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope: string | undefined;
}

/** A service gets a token of its own. Its secret is too long to guess, so attempts are not counted: that would lock services out. */
export async function serviceToken(needs: ServiceTokenNeeds, request: ServiceTokenRequest): Promise<Grant> {
  const { registeredClients, accessTokens } = needs;
  if ((await registeredClients.kindOf(request.clientId)) === 'first-party') return refused('unauthorized-client');
  const client = await registeredClients.authenticate(request.clientId, request.clientSecret);
  if (!client) return refused('invalid-client');
  const scopes = grantScopes(request.scope, client.scopes);
  if (scopes === 'invalid-scope') return refused('invalid-scope');
  const accessToken = await accessTokens.issue({ subject: client.id, clientId: client.id, scopes, roles: [] });
  return { outcome: 'granted', accessToken, scopes };
}
