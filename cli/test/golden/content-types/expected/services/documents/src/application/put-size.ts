import type { PutSize } from '../generated/operations.ts';

/** Set a size */
export const putSize =
  (): PutSize =>
  async ({ reply }) =>
    reply.notImplemented();
