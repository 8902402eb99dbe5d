import { join } from 'node:path';
import { mintDevelopmentToken } from '@parkwise/runtime/platform';
import type { Platform } from './start-platform.ts';

/** Somebody for whom no account stands: the services take the token's word. */
export interface Caller {
  readonly sub: string;
  readonly scopes: readonly string[];
  readonly roles: readonly string[];
}

/** A token of the platform's development issuer, as `parkwise token` prints it. */
export const mintToken = (platform: Platform, { sub, scopes, roles }: Caller): Promise<string> =>
  mintDevelopmentToken(
    { directory: join(platform.root, '.parkwise/secrets'), port: platform.issuerPort, audience: 'parkwise' },
    { subject: sub, scopes, roles },
  );
