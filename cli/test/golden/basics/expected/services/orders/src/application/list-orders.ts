import type { ListOrders } from '../generated/operations.ts';

/** List orders */
export const listOrders =
  (): ListOrders =>
  async ({ reply }) =>
    reply.notImplemented();
