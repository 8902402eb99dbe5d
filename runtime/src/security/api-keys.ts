import { createHash, timingSafeEqual } from 'node:crypto';
import type { ApiKeyHolder, ApiKeys } from './verified-token.ts';

/** A key as the configuration holds it: never in clear. */
export interface ApiKeyEntry {
  readonly name: string;
  /** Name of the security scheme in the contract; absent: any. */
  readonly scheme?: string;
  /** SHA-256 of the key, hexadecimal. Keys are long and random, so a slow hash would protect nothing. */
  readonly sha256: string;
  readonly scopes?: readonly string[];
  readonly roles?: readonly string[];
}

/** @throws Error when an entry's hash is not one */
export const createApiKeys = (entries: readonly ApiKeyEntry[]): ApiKeys => {
  const known = entries.map((entry) => {
    const hash = Buffer.from(entry.sha256, 'hex');
    if (hash.length !== 32) throw new Error(`The API key of ${entry.name} needs a SHA-256 in hexadecimal`);
    const holder: ApiKeyHolder = { name: entry.name, scopes: entry.scopes ?? [], roles: entry.roles ?? [] };
    return { hash, holder, scheme: entry.scheme };
  });
  return {
    find(scheme, key) {
      const hash = createHash('sha256').update(key).digest();
      let found: ApiKeyHolder | undefined;
      // All entries are compared, whichever fits: time tells nothing.
      for (const entry of known) {
        const isSame = timingSafeEqual(entry.hash, hash);
        if (isSame && (entry.scheme === undefined || entry.scheme === scheme)) found ??= entry.holder;
      }
      return found;
    },
  };
};
