import { existsSync, mkdirSync } from 'node:fs';
import { openEventLog, type EventLog } from '@parkwise/runtime/platform';
import { UserError } from '../application/user-error.ts';
import { runFiles } from './run-files.ts';

export interface EventsPlace {
  readonly root: string;
  /** The workspace's own log if left out. */
  readonly url?: string;
}

/** Waits no longer than somebody at a terminal would. */
const TIMEOUT_MS = 5_000;

/**
 * Runs `work` on the event log that the URL names, or on the workspace's own.
 *
 * @throws UserError when it cannot be reached, or (with `mustExist`) there is none yet
 */
export const onEvents = async <R>(
  { root, url }: EventsPlace,
  work: (log: EventLog) => Promise<R>,
  { mustExist = false }: { readonly mustExist?: boolean } = {},
): Promise<R> => {
  const files = runFiles(root);
  if (url === undefined && !existsSync(files.eventLog)) {
    if (mustExist) throw noLog();
    mkdirSync(files.data, { recursive: true });
  }
  try {
    const log = await openEventLog(url ?? `sqlite:${files.eventLog}`, { timeoutMs: TIMEOUT_MS });
    try {
      return await work(log);
    } finally {
      await log.close();
    }
  } catch (error) {
    if (error instanceof UserError || url === undefined) throw error;
    throw new UserError({
      code: 'events',
      message: `the event log cannot be used: ${error instanceof Error ? error.message : String(error)}`,
      nextSteps: ['PARKWISE_EVENTS_URL or --events-url says where it is: see that it runs and lets you in.'],
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
