/** The public keys of one issuer: fetched when needed, kept for a while, and never fetched because strangers make up key ids. */
import { importJWK, type CryptoKey, type JWK } from 'jose';
import type { Clock } from '../process/service-definition.ts';
import { InvalidTokenError, KeysUnavailableError } from './verified-token.ts';

export interface IssuerKeysOptions {
  readonly jwksUrl: string;
  readonly clock: Clock;
  readonly fetch?: typeof fetch;
  /** Called when the set of keys is another than before: what was verified by the old ones is to be forgotten. */
  readonly onChange: () => void;
}

export interface IssuerKeys {
  /**
   * @throws InvalidTokenError when the issuer has no such key
   * @throws KeysUnavailableError when the keys cannot be fetched
   */
  find(keyId: string | undefined, algorithm: string): Promise<CryptoKey>;
}

const KEEP_MS = 10 * 60_000;
/** Between two fetches because of an unknown key id. */
const COOLDOWN_MS = 30_000;
/** Between two attempts while there are no keys at all, as when the issuer starts after us. */
const RETRY_MS = 1_000;
/** The last keys are used this long if the issuer cannot be reached. */
const STALE_MS = 60 * 60_000;
const FETCH_TIMEOUT_MS = 5_000;

interface Key {
  readonly id: string | undefined;
  readonly algorithm: string;
  readonly key: CryptoKey;
}

export const createIssuerKeys = (options: IssuerKeysOptions): IssuerKeys => {
  const { jwksUrl, clock, onChange } = options;
  const now = (): number => clock.now().getTime();
  let keys: readonly Key[] | undefined;
  let fingerprint = '';
  let fetchedAt = 0;
  let triedAt = Number.NEGATIVE_INFINITY;
  let fetching: Promise<void> | undefined;

  const refresh = (): Promise<void> => {
    triedAt = now();
    fetching ??= load(jwksUrl, options.fetch ?? fetch)
      .then(async (set) => {
        const imported = await importKeys(set);
        fetchedAt = now();
        const current = JSON.stringify(set);
        if (keys && current !== fingerprint) onChange();
        fingerprint = current;
        keys = imported;
      })
      .finally(() => (fetching = undefined));
    return fetching;
  };

  const current = async (): Promise<readonly Key[]> => {
    const age = now() - fetchedAt;
    if (keys && age < KEEP_MS) return keys;
    const mayTry = now() - triedAt >= (keys ? COOLDOWN_MS : RETRY_MS);
    if (mayTry || fetching) {
      try {
        await refresh();
      } catch (error) {
        if (!keys || age > STALE_MS)
          throw new KeysUnavailableError('The keys of the issuer cannot be fetched', { cause: error });
      }
    }
    if (!keys || now() - fetchedAt > STALE_MS) throw new KeysUnavailableError('The keys of the issuer are not known');
    return keys;
  };

  return {
    async find(keyId, algorithm) {
      const known = pick(await current(), keyId, algorithm);
      if (known) return known;
      if (now() - triedAt >= COOLDOWN_MS || fetching) {
        try {
          await refresh();
        } catch (error) {
          throw new KeysUnavailableError('The keys of the issuer cannot be fetched', { cause: error });
        }
        const added = pick(keys ?? [], keyId, algorithm);
        if (added) return added;
      }
      throw new InvalidTokenError('The issuer has no such key');
    },
  };
};

/** A token without a key id is fine as long as there is only one key that it can mean. */
const pick = (keys: readonly Key[], id: string | undefined, algorithm: string): CryptoKey | undefined => {
  const fitting = keys.filter((key) => key.algorithm === algorithm && (id === undefined || key.id === id));
  return fitting.length === 1 ? fitting[0]?.key : undefined;
};

const load = async (url: string, fetchWith: typeof fetch): Promise<readonly JWK[]> => {
  const answer = await fetchWith(url, {
    redirect: 'error',
    signal: AbortSignal.timeout(FETCH_TIMEOUT_MS),
    headers: { accept: 'application/json' },
  });
  if (!answer.ok) throw new Error(`The key set was answered with ${answer.status}`);
  const { keys } = (await answer.json()) as { keys?: unknown };
  if (!Array.isArray(keys)) throw new Error('The key set has no keys');
  return keys as JWK[];
};

const importKeys = async (set: readonly JWK[]): Promise<Key[]> => {
  const imported = await Promise.all(
    set.map(async (jwk): Promise<Key | undefined> => {
      const algorithm = algorithmOf(jwk);
      if (!algorithm || (jwk.use !== undefined && jwk.use !== 'sig')) return undefined;
      const { kty, n, e, crv, x, y } = jwk;
      const isRsa = kty === 'RSA';
      // The public part alone, whatever else stands there.
      const key = await importJWK(
        isRsa ? { kty, n: n ?? '', e: e ?? '' } : { kty: 'EC', crv: crv ?? '', x: x ?? '', y: y ?? '' },
        algorithm,
      );
      return key instanceof Uint8Array ? undefined : { id: jwk.kid, algorithm, key };
    }),
  );
  return imported.filter((key) => key !== undefined);
};

const algorithmOf = ({ kty, crv, alg }: JWK): 'RS256' | 'ES256' | undefined => {
  const algorithm = kty === 'RSA' ? 'RS256' : kty === 'EC' && crv === 'P-256' ? 'ES256' : undefined;
  return alg === undefined || alg === algorithm ? algorithm : undefined;
};
