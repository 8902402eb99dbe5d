import type { DeleteOrder } from '../generated/operations.ts';

/** Delete an order */
export const deleteOrder =
  (): DeleteOrder =>
  async ({ reply }) =>
    reply.notImplemented();
