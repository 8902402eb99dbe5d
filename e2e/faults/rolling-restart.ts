import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { allReady, killService } from '../platform/kill.ts';
import { mintToken } from '../platform/mint-token.ts';
import { offerSpot } from '../platform/offer-spot.ts';
import { clientsOf } from '../platform/people.ts';
import { startPlatform, type Platform } from '../platform/start-platform.ts';
import type { Fault } from './frame/fault.ts';
import { windowAt } from './load/book.ts';
import { percentile } from './load/percentile.ts';

const BOOKING_SHARE = 0.1;
const PROCESSES = 2;
/** Bookings of one spot queue up for it: with few, the queue would be what is measured. */
const SPOTS = 16;

/** New code comes without anybody noticing: the new process answers before the old one goes. */
export const fault: Fault = {
  name: 'rolling-restart',
  summary: '20 times `parkwise restart` under 200 requests a second, booking in two processes: 0 failed requests',
  seconds: { reduced: 150, full: 600 },
  saboteurs: { 'kill-instead': { breaks: 'all processes are killed instead of being replaced', env: {} } },
  async run(run) {
    const size = run.full ? { restarts: 20, rate: 200 } : { restarts: run.sabotage ? 1 : 2, rate: 40 };
    await using platform = await startPlatform({
      stack: run.stack,
      demo: false,
      flags: ['--scale', `booking=${PROCESSES}`],
      env: { PARKWISE_LOG_LEVEL: 'warn', PARKWISE_RESTART_DELAY: 'PT0.1S' },
    });
    const load = await startLoad(platform, { rate: size.rate, random: run.random });
    await load.answered(size.rate);
    for (let restart = 0; restart < size.restarts; restart += 1) {
      if (run.sabotage === undefined) await platform.parkwise('restart', 'booking');
      else {
        // All at once, as whoever knows no better does it.
        run.need('all processes are killed', killService(platform, 'booking') === PROCESSES);
        await allReady(platform);
      }
      await load.answered(size.rate / 2);
      // What shares a processor with the load is slow while it is new: the next one comes when all is as before.
      await load.caughtUp();
    }
    const { requests, failures, took } = await load.stop();
    run.note(`99 of 100 within ${percentile(took, 0.99).toFixed(0)} ms`);
    for (const [why, count] of failures) run.note(`${count} × ${why}`);
    const failed = [...failures.values()].reduce((sum, count) => sum + count, 0);
    run.expect(`0 failed requests (${failed})`, failed === 0);
    return {
      tried: `${size.restarts} restarts under ${size.rate} requests a second, ${requests} requests`,
      lost: failed,
    };
  },
};

interface LoadSettings {
  /** Requests a second, whether those before have been answered or not. */
  readonly rate: number;
  readonly random: () => number;
}

const startLoad = async (platform: Platform, { rate, random }: LoadSettings) => {
  const token = (role: 'driver' | 'provider', scopes: readonly string[]): Promise<string> =>
    mintToken(platform, { sub: randomUUID(), roles: [role], scopes });
  const provider = clientsOf(platform, await token('provider', ['spots:write']));
  const spots: string[] = [];
  for (let n = 0; n < SPOTS; n += 1) spots.push((await offerSpot(provider, `Spot ${n + 1}`)).id);
  const { booking } = clientsOf(platform, await token('driver', ['bookings:read', 'bookings:write']));
  const failures = new Map<string, number>();
  const took: number[] = [];
  const running = new Set<Promise<void>>();
  const progress = new EventEmitter();
  let requests = 0;
  let wishes = 0;
  const nextWindow = () => {
    wishes += 1;
    return windowAt(spots[wishes % SPOTS] ?? '', Math.ceil(wishes / SPOTS) * 60, 60);
  };

  const ask = async (): Promise<void> => {
    const startedAt = performance.now();
    const why = await failureOf(
      random() < BOOKING_SHARE ? booking.createBooking({ body: nextWindow() }) : booking.listMyBookings({}),
    );
    took.push(performance.now() - startedAt);
    if (why !== undefined) failures.set(why, (failures.get(why) ?? 0) + 1);
  };
  const timer = setInterval(() => {
    requests += 1;
    const request = ask().finally(() => {
      running.delete(request);
      progress.emit('answered');
    });
    running.add(request);
  }, 1000 / rate);
  return {
    /** Resolves when so many more requests than now have been answered. */
    async answered(more: number): Promise<void> {
      const goal = took.length + more;
      while (took.length < goal) await once(progress, 'answered');
    },
    /** Resolves when no more requests wait than come in a tenth of a second. */
    async caughtUp(): Promise<void> {
      while (running.size > rate / 10) await once(progress, 'answered');
    },
    async stop() {
      clearInterval(timer);
      await Promise.all(running);
      return { requests, failures, took };
    },
  };
};

const failureOf = async (
  call: Promise<{ readonly status: number; readonly body: unknown }>,
): Promise<string | undefined> => {
  try {
    const { status, body } = await call;
    const { type = '', detail = '' } = body as { readonly type?: string; readonly detail?: string };
    return status >= 500 ? `answered ${status} ${type.split('/').at(-1)} ${detail}` : undefined;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return error.cause instanceof Error ? error.cause.message : error.message;
  }
};
