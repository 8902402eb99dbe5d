import type { AddEntry } from '../generated/operations.ts';

/** Add an entry */
export const addEntry =
  (): AddEntry =>
  async ({ reply }) =>
    reply.notImplemented();
