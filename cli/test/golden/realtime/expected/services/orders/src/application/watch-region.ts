import type { WatchRegion } from '../generated/channels.ts';

export const watchRegion =
  (): WatchRegion =>
  async ({ reply }) =>
    reply.notImplemented();
