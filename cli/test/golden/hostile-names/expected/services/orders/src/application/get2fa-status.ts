import type { Get2faStatus } from '../generated/operations.ts';

/** Ends *\/ here */
export const get2faStatus =
  (): Get2faStatus =>
  async ({ reply }) =>
    reply.notImplemented();
