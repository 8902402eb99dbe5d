import type { Clock, RowOf, Sql, Tx } from '@parkwise/runtime';
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';
import type { SigningKeys } from '../application/ports.ts';
import { dueKey, publishedKeys, signingKey, type RotationPolicy } from '../domain/signing-key.ts';
import { signingKeys, type PublicKey } from './tables.ts';

export type StoredKey = RowOf<typeof signingKeys>;

/** The keys that sign access tokens, shared by all processes through the database. */
export interface KnexSigningKeys extends SigningKeys {
  /** The key that signs now. */
  current(): Promise<StoredKey>;
  /** All that are published, with their private halves. */
  all(): Promise<readonly StoredKey[]>;
  /** Makes the next key if it is time to, and forgets those that no token needs. Returns the id of a new key. */
  rotate(): Promise<string | undefined>;
}

interface Needs {
  readonly sql: Sql;
  readonly transaction: <R>(work: (tx: Tx) => Promise<R>) => Promise<R>;
  readonly clock: Clock;
  readonly policy: RotationPolicy;
}

export const knexSigningKeys = ({ sql, transaction, clock, policy }: Needs): KnexSigningKeys => {
  const stored = (): Promise<StoredKey[]> => signingKeys.find(sql, {}, { orderBy: { generation: 'desc' } });

  const rotate = async (): Promise<string | undefined> => {
    const now = clock.now();
    const keys = await stored();
    const term = dueKey(keys, now, policy);
    const needed = new Set(publishedKeys(keys, now, policy).map(({ id }) => id));
    const ended = keys.filter(({ id }) => !needed.has(id)).map(({ id }) => id);
    if (!term && ended.length === 0) return undefined;
    const key = term && { ...(await makeKey()), ...term };
    return transaction(async (tx) => {
      if (ended.length > 0) await signingKeys.delete(tx, { id: ended });
      return key && (await add(tx, key)) ? key.id : undefined;
    });
  };

  /** On the first day, whoever needs a key first makes it. */
  const atLeastOne = async (): Promise<StoredKey[]> => {
    const keys = await stored();
    if (keys.length > 0) return keys;
    await rotate();
    return stored();
  };

  const all = async (): Promise<readonly StoredKey[]> => publishedKeys(await atLeastOne(), clock.now(), policy);

  return {
    rotate,
    all,
    async current() {
      const key = signingKey(await atLeastOne(), clock.now());
      if (!key) throw new Error('None of the signing keys is in use yet: the clock has been put back');
      return key;
    },
    async published() {
      return (await all()).map(({ id, publicKey }) => ({ id, x: publicKey.x, y: publicKey.y }));
    },
  };
};

/** @returns false when another process has made this generation. */
async function add(tx: Tx, key: StoredKey): Promise<boolean> {
  try {
    await signingKeys.insert(tx, key);
    return true;
  } catch (error) {
    if (tx.dialect.isUniqueViolation(error)) return false;
    throw error;
  }
}

async function makeKey(): Promise<Pick<StoredKey, 'id' | 'publicKey' | 'privateKey'>> {
  const pair = await generateKeyPair('ES256', { extractable: true });
  const { d, ...point } = await exportJWK(pair.privateKey);
  const publicKey = point as PublicKey;
  if (!d) throw new Error('The private key cannot be exported');
  return { id: await calculateJwkThumbprint(publicKey), publicKey, privateKey: { ...publicKey, d } };
}
