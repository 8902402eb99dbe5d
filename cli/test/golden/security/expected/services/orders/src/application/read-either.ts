import type { ReadEither } from '../generated/operations.ts';

/** Either */
export const readEither =
  (): ReadEither =>
  async ({ reply }) =>
    reply.notImplemented();
