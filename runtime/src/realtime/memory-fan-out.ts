import { Bell } from '../messaging/embedded/bell.ts';
import type { FanOut, FanOutListener } from './fan-out.ts';

/** How often the other processes on the same file are looked after when a ring was missed. */
const FALLBACK_MS = 1_000;

/**
 * Fan-out within one process. With the file of an SQLite database, other processes that have it open are told to look into it:
 * a bell beside the file rings after each commit.
 */
export const memoryFanOut = (databaseFile?: string): FanOut => {
  const bell = databaseFile === undefined ? undefined : new Bell(`${databaseFile}.live`, FALLBACK_MS);
  let listener: FanOutListener | undefined;
  return {
    listen(to) {
      listener = to;
      bell?.listen(() => to.doubt());
    },
    announce(change) {
      listener?.change(change);
      bell?.ring();
    },
    async close() {
      bell?.close();
    },
  };
};
