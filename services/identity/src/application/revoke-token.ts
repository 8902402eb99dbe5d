import type { RevokeToken } from '../generated/operations.ts';
import type { AccessTokens, RefreshSecrets, RegisteredClients, Sessions } from './ports.ts';

type Needs = {
  registeredClients: RegisteredClients;
  accessTokens: AccessTokens;
  refreshSecrets: RefreshSecrets;
  sessions: Sessions;
};

export const revokeToken =
  ({ registeredClients, accessTokens, refreshSecrets, sessions }: Needs): RevokeToken =>
  async ({ body, reply, commit }) => {
    const { token, client_id: clientId, client_secret: secret = '' } = body;
    const isFirstParty = (await registeredClients.kindOf(clientId)) === 'first-party';
    if (!isFirstParty && !(await registeredClients.authenticate(clientId, secret))) {
      const problem = { detail: 'The client is unknown, or its secret is wrong.', error: 'invalid_client' } as const;
      return reply.invalidClient(problem, { cacheControl: 'no-store', wwwAuthenticate: 'Basic realm="parkwise"' });
    }
    const session = await accessTokens.sessionOf(token, clientId);
    return commit(async (tx) => {
      const found = session === undefined ? await sessions.find(tx, refreshSecrets.hashOf(token)) : undefined;
      const family = found?.family.clientId === clientId ? found.family.id : session;
      if (family !== undefined) await sessions.revoke(tx, family);
      return reply.ok();
    });
  };
