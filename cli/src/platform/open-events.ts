import { mkdirSync } from 'node:fs';
import { openEventLog, type EventLog } from '@parkwise/runtime/platform';
import { UserError } from '../application/user-error.ts';
import type { EventLogPlace } from './event-log-place.ts';
import { runFiles } from './run-files.ts';

export interface EventsOptions {
  readonly root: string;
  readonly place: EventLogPlace;
}

/** Waits no longer than somebody at a terminal would. */
const TIMEOUT_MS = 5_000;

/**
 * Runs `work` on the events of that place.
 *
 * @throws UserError when it cannot be reached, or (with `mustExist`) there is none yet
 */
export const onEvents = async <R>(
  { root, place }: EventsOptions,
  work: (log: EventLog) => Promise<R>,
  { mustExist = false }: { readonly mustExist?: boolean } = {},
): Promise<R> => {
  if (!place.exists && mustExist) throw noLog();
  if (place.kind === 'embedded') mkdirSync(runFiles(root).data, { recursive: true });
  try {
    const log = await openEventLog(place.url, { timeoutMs: TIMEOUT_MS });
    try {
      return await work(log);
    } finally {
      await log.close();
    }
  } catch (error) {
    if (error instanceof UserError || place.kind === 'embedded') throw error;
    throw new UserError({
      code: 'events',
      message: `the event log cannot be used: ${error instanceof Error ? error.message : String(error)}`,
      nextSteps: ['PARKWISE_KAFKA_URL, PARKWISE_EVENTS_URL or --events-url says where it is: see that it runs and lets you in.'],
      exitCode: 1,
    });
  }
};

const noLog = (): UserError =>
  new UserError({
    code: 'no-log',
    message: 'there is no event log yet',
    nextSteps: ['It comes with the first "parkwise up" or "parkwise events publish".'],
    exitCode: 1,
  });
