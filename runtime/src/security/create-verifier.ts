/** Access tokens as RFC 9068 and RFC 8725 want them checked. */
import { hash } from 'node:crypto';
import { decodeJwt, errors, jwtVerify, type JWTPayload } from 'jose';
import type { Clock } from '../process/service-definition.ts';
import { createIssuerKeys, type IssuerKeys } from './issuer-keys.ts';
import { InvalidTokenError, type TokenVerifier, type VerifiedToken } from './verified-token.ts';

export interface TrustedIssuer {
  /** The claim `iss`, to the letter. */
  readonly issuer: string;
  /** Must be among the claim `aud`. */
  readonly audience: string;
  readonly jwksUrl: string;
}

export interface VerifierOptions {
  readonly mode: 'development' | 'production';
  /** The workspace's own issuer. */
  readonly issuer?: TrustedIssuer;
  /** The issuer that `parkwise up` runs; refused in production. */
  readonly developmentIssuer?: TrustedIssuer;
  readonly clock: Clock;
  readonly fetch?: typeof fetch;
  /** Verified tokens that are remembered; 10,000. */
  readonly cacheSize?: number;
}

const ALGORITHMS = ['RS256', 'ES256'];
const MAX_LIFETIME_S = 600;
const LEEWAY_S = 5;
const MAX_TOKEN_LENGTH = 8 * 1024;

interface Remembered {
  readonly token: VerifiedToken;
  readonly expiresAt: number;
}

/** @throws Error when production mode is given a development issuer */
export const createVerifier = (options: VerifierOptions): TokenVerifier => {
  const { mode, issuer, developmentIssuer, clock, cacheSize = 10_000 } = options;
  if (mode === 'production' && developmentIssuer) throw new Error('Production mode accepts no development issuer');
  const cache = new Map<string, Remembered>();
  const trusted = new Map<string, { readonly trust: TrustedIssuer; readonly keys: IssuerKeys }>();
  for (const trust of [issuer, developmentIssuer]) {
    if (!trust) continue;
    const { jwksUrl } = trust;
    const keys = createIssuerKeys({
      jwksUrl,
      clock,
      onChange: () => cache.clear(),
      ...(options.fetch && { fetch: options.fetch }),
    });
    trusted.set(trust.issuer, { trust, keys });
  }

  const check = async (text: string, id: string): Promise<VerifiedToken> => {
    const claimed = trusted.get(unverifiedIssuer(text) ?? '');
    if (!claimed) throw new InvalidTokenError('The issuer is not trusted');
    const { trust, keys } = claimed;
    const now = clock.now();
    try {
      const { payload } = await jwtVerify(text, ({ kid, alg }) => keys.find(kid, alg ?? ''), {
        algorithms: ALGORITHMS,
        typ: 'at+jwt',
        issuer: trust.issuer,
        audience: trust.audience,
        requiredClaims: ['iss', 'aud', 'exp', 'sub', 'jti'],
        clockTolerance: LEEWAY_S,
        currentDate: now,
      });
      const token = verifiedToken(payload, now);
      remember(cache, id, { token, expiresAt: (payload.exp ?? 0) * 1000 }, cacheSize);
      return token;
    } catch (error) {
      if (error instanceof errors.JOSEError) throw new InvalidTokenError(error.code, { cause: error });
      throw error;
    }
  };

  return {
    verify(text) {
      if (text.length > MAX_TOKEN_LENGTH) throw new InvalidTokenError('The token is too long');
      const id = hash('sha256', text, 'base64');
      const known = cache.get(id);
      if (known) {
        if (known.expiresAt > clock.now().getTime()) return known.token;
        cache.delete(id);
      }
      return check(text, id);
    },
  };
};

const unverifiedIssuer = (text: string): string | undefined => {
  try {
    return decodeJwt(text).iss;
  } catch {
    return undefined;
  }
};

const verifiedToken = (payload: JWTPayload, now: Date): VerifiedToken => {
  const { sub, jti, exp = 0, iat, scope, roles } = payload;
  if (typeof sub !== 'string' || sub === '' || sub.length > 255) throw new InvalidTokenError('The subject is none');
  if (typeof jti !== 'string' || jti === '') throw new InvalidTokenError('The token has no id');
  const nowSeconds = now.getTime() / 1000;
  if (iat !== undefined && iat > nowSeconds + LEEWAY_S) throw new InvalidTokenError('The token is from the future');
  // Without the time of issue the remaining lifetime must do.
  if (exp - (iat ?? nowSeconds) > MAX_LIFETIME_S + LEEWAY_S) throw new InvalidTokenError('The token lives too long');
  return Object.freeze({
    subject: sub,
    scopes: typeof scope === 'string' ? scope.split(' ').filter((part) => part !== '') : [],
    roles: Array.isArray(roles) ? roles.filter((role) => typeof role === 'string') : [],
    claims: payload,
  });
};

/** The oldest goes when the cache is full; tokens live ten minutes, so order of arrival is order of end. */
const remember = (cache: Map<string, Remembered>, id: string, remembered: Remembered, size: number): void => {
  if (cache.size >= size) cache.delete(cache.keys().next().value ?? '');
  cache.set(id, remembered);
};
