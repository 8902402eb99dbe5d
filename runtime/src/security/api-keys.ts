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

/**
 * API keys as a setting holds them: a JSON array of {@link ApiKeyEntry}.
 * @throws Error that says which entry is wrong, without its hash
 */
export const parseApiKeys = (text: string): readonly ApiKeyEntry[] => {
  let entries: unknown;
  try {
    entries = JSON.parse(text);
  } catch {
    throw new Error('API keys must be a JSON array');
  }
  if (!Array.isArray(entries)) throw new Error('API keys must be a JSON array');
  return entries.map((entry: unknown, index) => {
    const { name, sha256, scheme, scopes, roles } = (entry ?? {}) as Record<string, unknown>;
    const wrong = (what: string): Error => new Error(`API key ${index + 1}: ${what}`);
    if (typeof name !== 'string' || name === '') throw wrong('name is missing');
    if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/i.test(sha256))
      throw wrong('sha256 must be 64 hexadecimal digits');
    if (scheme !== undefined && typeof scheme !== 'string') throw wrong('scheme must be the name of a security scheme');
    return {
      name,
      sha256,
      ...(scheme !== undefined && { scheme }),
      scopes: texts(scopes) ?? fail(wrong('scopes must be a list of texts')),
      roles: texts(roles) ?? fail(wrong('roles must be a list of texts')),
    };
  });
};

const texts = (value: unknown): readonly string[] | undefined => {
  if (value === undefined) return [];
  return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : undefined;
};

const fail = (error: Error): never => {
  throw error;
};
