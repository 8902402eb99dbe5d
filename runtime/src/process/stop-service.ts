import type { HttpApplication, PassOn } from '../http/index.ts';
import type { EventBus } from '../messaging/event-bus.ts';
import type { Relay } from '../messaging/relay.ts';
import type { RunningConsumers } from '../messaging/start-consumers.ts';
import type { Tracing } from '../observability/tracing.ts';
import type { Database } from '../persistence/database.ts';
import type { Live } from '../realtime/open-live.ts';
import type { RunningJobs } from './run-jobs.ts';
import type { Log } from './service-definition.ts';

export interface RunningParts {
  readonly http: HttpApplication;
  readonly live?: Live | undefined;
  readonly jobs: RunningJobs;
  readonly consumers: RunningConsumers | undefined;
  readonly relay: Relay | undefined;
  readonly bus: EventBus | undefined;
  readonly database: Database;
  readonly tracing: Tracing | undefined;
  readonly log: Log;
  readonly graceMs: number;
  /** How long idle connections stay open for a request that is on its way. */
  readonly lingerMs: number;
  /** Sends them to a successor. */
  readonly passOn?: PassOn | undefined;
}

/** Of the grace: how long running requests and messages are waited for. */
const DRAIN_SHARE = 1 / 3;

/**
 * Stops a service so that nothing under way is lost: not ready any more, no new job, no new message, no new request; what runs is
 * waited for, what it published is sent, then the connections are closed. A step that fails does not keep the next from its turn.
 */
export const stopService = async (parts: RunningParts): Promise<void> => {
  const { http, live, jobs, consumers, relay, bus, database, tracing, log, graceMs, lingerMs, passOn } = parts;
  const drainMs = graceMs * DRAIN_SHARE;
  http.state.phase = 'stopping';
  log.info({}, 'stopping');
  const steps: readonly (readonly [name: string, run: () => Promise<void> | undefined])[] = [
    ['jobs', () => jobs.stop()],
    ['consumers', () => consumers?.stop(drainMs)],
    ['live connections', () => live?.disconnect(drainMs)],
    ['http', () => http.close(drainMs, lingerMs, passOn)],
    ['relay', () => relay?.stop()],
    ['events', () => bus?.close()],
    ['live', () => live?.close()],
    ['database', () => database.close()],
    ['traces', () => tracing?.close()],
  ];
  for (const [step, run] of steps) {
    try {
      await run();
    } catch (error) {
      log.error({ err: error, step }, 'a step of the stop failed');
    }
  }
  log.info({}, 'stopped');
};
