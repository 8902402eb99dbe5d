import type { ReadStyles } from '../generated/operations.ts';

/** Styles */
export const readStyles =
  (): ReadStyles =>
  async ({ reply }) =>
    reply.notImplemented();
