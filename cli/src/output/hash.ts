import { createHash } from 'node:crypto';

/** What a file holds, in one short word. */
export const hashOf = (content: string | Uint8Array): string =>
  `sha256-${createHash('sha256').update(content).digest('base64url')}`;
