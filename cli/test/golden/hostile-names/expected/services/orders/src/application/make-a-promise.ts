import type { MakeAPromise } from '../generated/operations.ts';

export const makeAPromise =
  (): MakeAPromise =>
  async ({ reply }) =>
    reply.notImplemented();
