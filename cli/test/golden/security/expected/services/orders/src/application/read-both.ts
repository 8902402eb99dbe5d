import type { ReadBoth } from '../generated/operations.ts';

/** Both */
export const readBoth =
  (): ReadBoth =>
  async ({ reply }) =>
    reply.notImplemented();
