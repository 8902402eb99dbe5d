import type { AddDocument } from '../generated/operations.ts';

/** Add a document */
export const addDocument =
  (): AddDocument =>
  async ({ reply }) =>
    reply.notImplemented();
