import type { PlaceOrder } from '../generated/operations.ts';

/** Place an order */
export const placeOrder =
  (): PlaceOrder =>
  async ({ reply }) =>
    reply.notImplemented();
