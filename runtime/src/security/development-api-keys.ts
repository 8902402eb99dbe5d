import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ApiKeyHolder, ApiKeys } from './verified-token.ts';

const PREFIX = 'development.';
/** Longer ones are not looked at. */
const MAX_LENGTH = 4096;

/** A key for whoever one wants to be, which stands for itself: the holder, signed with the secret of this machine. It does not expire. */
export const mintDevelopmentApiKey = (secret: string, { name, scopes, roles }: ApiKeyHolder): string => {
  const holder = Buffer.from(JSON.stringify({ name, scopes, roles })).toString('base64url');
  return `${PREFIX}${holder}.${signature(secret, holder).toString('base64url')}`;
};

/** Accepts the keys that were minted with the secret, under every scheme. For development alone. */
export const developmentApiKeys = (secret: string): ApiKeys => ({
  find(_, key) {
    if (!key.startsWith(PREFIX) || key.length > MAX_LENGTH) return undefined;
    const [holder = '', signed = '', ...rest] = key.slice(PREFIX.length).split('.');
    const given = Buffer.from(signed, 'base64url');
    const expected = signature(secret, holder);
    if (rest.length > 0 || given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
    return JSON.parse(Buffer.from(holder, 'base64url').toString()) as ApiKeyHolder;
  },
});

const signature = (secret: string, holder: string): Buffer => createHmac('sha256', secret).update(holder).digest();
