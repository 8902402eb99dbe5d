import type { ReadOptional } from '../generated/operations.ts';

/** Optional */
export const readOptional =
  (): ReadOptional =>
  async ({ reply }) =>
    reply.notImplemented();
