import type { WatchOrderProgress } from '../generated/channels.ts';

/** Progress of an order */
export const watchOrderProgress =
  (): WatchOrderProgress =>
  async ({ reply }) =>
    reply.notImplemented();
