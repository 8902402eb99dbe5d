import type { ReadOpen } from '../generated/operations.ts';

/** Open */
export const readOpen =
  (): ReadOpen =>
  async ({ reply }) =>
    reply.notImplemented();
