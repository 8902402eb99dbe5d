import { readDemoState } from '@parkwise/runtime/platform';
import { demoDone, demoNotes, demoOver, wantsDemo } from '../demo-data.ts';
import { databaseFile, type RunFiles } from '../run-files.ts';
import type { Stack } from './stack.ts';

/**
 * SQLite files and the log in one of them, under `.parkwise/`: nothing to start, nothing to wait for.
 *
 * @param redisUrl carries live updates between the processes of a service; without it they ring beside the service's file
 */
export const embeddedStack = (files: RunFiles, redisUrl?: string): Stack => ({
  kind: 'embedded',
  prepare: async () => undefined,
  settings: ({ name, store }) => ({
    PARKWISE_DATABASE_URL: store === 'none' ? 'sqlite::memory:' : `sqlite:${databaseFile(files, name)}`,
    PARKWISE_EVENTS_URL: `sqlite:${files.eventLog}`,
    ...(redisUrl === undefined ? {} : { PARKWISE_REDIS_URL: redisUrl }),
  }),
  wantsDemo: async (service) => wantsDemo(service, files, readDemoState),
  demoDone: (service, notes) => demoDone(files, service, notes),
  demoOver: (service) => demoOver(files, service),
  demoNotes: (service) => demoNotes(files, service),
  secrets: redisUrl === undefined ? [] : [redisUrl],
});
