/** An issuer that signs whatever it is told to, and says how often it was asked for its keys. */
import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';
import type { Clock } from '../../src/process/service-definition.ts';

export const ISSUER = 'https://issuer.test';
export const AUDIENCE = 'orders';

export interface Changes {
  readonly header?: Record<string, unknown>;
  readonly claims?: Record<string, unknown>;
  /** Claims to leave out. */
  readonly without?: readonly string[];
  readonly key?: SigningKey;
}

export interface SigningKey {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK;
}

export const createKey = async (alg: string, kid: string): Promise<SigningKey> => {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, alg, privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
};

/** A clock that tests set. */
export const manualClock = (start = '2026-01-01T00:00:00Z') => {
  let now = Date.parse(start);
  return { now: () => new Date(now), advance: (ms: number) => void (now += ms) } satisfies Clock & {
    advance(ms: number): void;
  };
};

export const signingIssuer = async (clock: Clock) => {
  const first = await createKey('ES256', 'k1');
  const state = { keys: [first] as SigningKey[], fetches: 0, isDown: false };
  const fetchKeys = (async () => {
    state.fetches += 1;
    if (state.isDown) throw new Error('unreachable');
    return Response.json({ keys: state.keys.map(({ publicJwk }) => publicJwk) });
  }) as typeof fetch;
  const sign = ({ header = {}, claims = {}, without = [], key = first }: Changes = {}): Promise<string> => {
    const now = Math.floor(clock.now().getTime() / 1000);
    const payload: Record<string, unknown> = {
      iss: ISSUER,
      aud: AUDIENCE,
      sub: 'user-1',
      jti: randomUUID(),
      iat: now,
      exp: now + 300,
      scope: 'orders:read orders:write',
      roles: ['buyer'],
      ...claims,
    };
    for (const name of without) delete payload[name];
    return new SignJWT(payload)
      .setProtectedHeader({ alg: key.alg, typ: 'at+jwt', kid: key.kid, ...header })
      .sign(key.privateKey);
  };
  return { state, fetchKeys, sign, trust: { issuer: ISSUER, audience: AUDIENCE, jwksUrl: `${ISSUER}/jwks` } };
};
