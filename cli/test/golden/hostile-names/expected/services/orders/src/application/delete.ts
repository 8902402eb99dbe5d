import type { Delete } from '../generated/operations.ts';

/** Delete */
export const deleteOperation =
  (): Delete =>
  async ({ reply }) =>
    reply.notImplemented();
