import type { ReadKeyed } from '../generated/operations.ts';

/** Keyed */
export const readKeyed =
  (): ReadKeyed =>
  async ({ reply }) =>
    reply.notImplemented();
