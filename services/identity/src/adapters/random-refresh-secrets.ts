import { createHash, randomBytes } from 'node:crypto';
import type { RefreshSecrets } from '../application/ports.ts';

/** 256 random bits; so many that a fast hash is enough. */
export const randomRefreshSecrets = (): RefreshSecrets => {
  const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');
  return {
    hashOf,
    next() {
      const token = `rt_${randomBytes(32).toString('base64url')}`;
      return { token, hash: hashOf(token) };
    },
  };
};
