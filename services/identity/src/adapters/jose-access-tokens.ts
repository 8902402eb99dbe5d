import type { Clock, Ids } from '@parkwise/runtime';
import { decodeProtectedHeader, errors, importJWK, jwtVerify, SignJWT, type CryptoKey } from 'jose';
import type { AccessTokens } from '../application/ports.ts';
import type { KnexSigningKeys, StoredKey } from './knex-signing-keys.ts';

interface Settings {
  readonly keys: KnexSigningKeys;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly issuer: string;
  readonly audience: string;
  readonly lifetimeSeconds: number;
}

/** Access tokens as RFC 9068 has them, signed with ES256. */
export const joseAccessTokens = (settings: Settings): AccessTokens => {
  const { keys, clock, ids, issuer, audience, lifetimeSeconds } = settings;
  const imported = importedKeys();

  return {
    lifetimeSeconds,

    async issue({ subject, clientId, scopes, roles, session }) {
      const key = await keys.current();
      const issuedAt = Math.floor(clock.now().getTime() / 1000);
      return new SignJWT({ client_id: clientId, scope: scopes.join(' '), roles, ...(session && { sid: session }) })
        .setProtectedHeader({ typ: 'at+jwt', alg: 'ES256', kid: key.id })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(subject)
        .setJti(ids.next())
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + lifetimeSeconds)
        .sign(await imported.privateKey(key));
    },

    async sessionOf(token, clientId) {
      try {
        const { kid } = decodeProtectedHeader(token);
        const key = (await keys.all()).find(({ id }) => id === kid);
        if (!key) return undefined;
        const { payload } = await jwtVerify(token, await importJWK(key.publicKey, 'ES256'), {
          algorithms: ['ES256'],
          typ: 'at+jwt',
          issuer,
          audience,
          currentDate: clock.now(),
        });
        return payload['client_id'] === clientId && typeof payload['sid'] === 'string' ? payload['sid'] : undefined;
      } catch (error) {
        // What is no token of ours has no session; anything else is a fault of ours.
        if (error instanceof errors.JOSEError || error instanceof TypeError) return undefined;
        throw error;
      }
    },
  };
};

/** Importing takes longer than signing, and keys change once in a month. */
function importedKeys() {
  const known = new Map<string, Promise<CryptoKey | Uint8Array>>();
  return {
    privateKey({ id, privateKey }: StoredKey): Promise<CryptoKey | Uint8Array> {
      const found = known.get(id) ?? importJWK(privateKey, 'ES256');
      if (!known.has(id)) {
        // One signs at a time: whoever comes next takes the place of who was before.
        known.clear();
        known.set(id, found);
      }
      return found;
    },
  };
}
