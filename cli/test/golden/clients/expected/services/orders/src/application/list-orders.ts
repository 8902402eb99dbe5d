import type { ListOrders } from '../generated/operations.ts';

/** List */
export const listOrders =
  (): ListOrders =>
  async ({ reply }) =>
    reply.notImplemented();
