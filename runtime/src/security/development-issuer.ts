/** An issuer for a developer's machine: a key in a folder, tokens for whoever the developer wants to be. Production refuses it. */
import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, SignJWT, type JWK } from 'jose';
import type { Clock } from '../process/service-definition.ts';

export interface DevelopmentIssuerOptions {
  /** Where the key is kept; made when it is not there. */
  readonly directory: string;
  /** The claim `iss`. */
  readonly issuer: string;
  /** The claim `aud`, unless asked for another. */
  readonly audience: string;
  readonly clock?: Clock;
}

export interface TokenRequest {
  readonly subject: string;
  readonly scopes?: readonly string[];
  readonly roles?: readonly string[];
  readonly audience?: string;
  /** At most ten minutes, which is the default: longer ones are refused by every service. */
  readonly lifetimeSeconds?: number;
  readonly claims?: Readonly<Record<string, unknown>>;
}

export interface DevelopmentIssuer {
  readonly issuer: string;
  readonly jwks: { readonly keys: readonly JWK[] };
  mint(request: TokenRequest): Promise<string>;
}

const FILE = 'development-issuer.json';
const MAX_LIFETIME_S = 600;

export const openDevelopmentIssuer = async (options: DevelopmentIssuerOptions): Promise<DevelopmentIssuer> => {
  const { directory, issuer, audience, clock = { now: () => new Date() } } = options;
  const privateJwk = await loadOrCreateKey(directory);
  const { kty, crv, x, y } = privateJwk;
  const kid = await calculateJwkThumbprint(privateJwk);
  const publicJwk = { kty, crv, x, y, kid, use: 'sig', alg: 'ES256' } as JWK;
  const key = await importJWK(privateJwk, 'ES256');
  return {
    issuer,
    jwks: { keys: [publicJwk] },
    mint({ subject, scopes = [], roles = [], lifetimeSeconds = MAX_LIFETIME_S, claims = {}, ...request }) {
      const now = Math.floor(clock.now().getTime() / 1000);
      return new SignJWT({ ...claims, scope: scopes.join(' '), roles, client_id: 'development' })
        .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid })
        .setIssuer(issuer)
        .setAudience(request.audience ?? audience)
        .setSubject(subject)
        .setJti(randomUUID())
        .setIssuedAt(now)
        .setExpirationTime(now + Math.min(lifetimeSeconds, MAX_LIFETIME_S))
        .sign(key);
    },
  };
};

/** Two processes may start at once: the file is written elsewhere and renamed, and whoever comes second reads it again. */
const loadOrCreateKey = async (directory: string): Promise<JWK> => {
  const path = join(directory, FILE);
  const existing = await readKey(path);
  if (existing) return existing;
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk = await exportJWK(privateKey);
  await mkdir(directory, { recursive: true });
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, JSON.stringify(jwk), { mode: 0o600 });
  await rename(draft, path);
  return (await readKey(path)) ?? jwk;
};

const readKey = async (path: string): Promise<JWK | undefined> => {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as JWK;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
};

/** Whether `given` is the secret, in a time that does not depend on it. */
export const isSameSecret = (given: string, secret: string): boolean => {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(secret));
};
