import { join } from 'node:path';
import type { Fault } from './frame/fault.ts';
import { prove } from './history/prove.ts';
import { readHistory, type Call } from './history/history.ts';
import type { Evidence } from './history/evidence.ts';
import { startDrivers } from './load/start-drivers.ts';
import { openWorld } from './world/open-world.ts';

/**
 * The connection is gone after COMMIT was sent and before it was answered: nobody can know whether it is stored. The service says so
 * (503), does not try again by itself, and whoever repeats the request with its key gets the truth.
 */
export const fault: Fault = {
  name: 'commit-cut',
  summary:
    'connections to MariaDB cut while commits are answered (Toxiproxy): no booking twice, none acknowledged and missing',
  only: { stack: 'external', because: 'SQLite commits in the process of its service' },
  seconds: { reduced: 150, full: 400 },
  saboteurs: { 'idempotency-off': { breaks: 'a request that is repeated with its key is a new one' } },
  async run(run) {
    const cuts = run.full ? 100 : 12;
    await using world = await openWorld(run, { services: { 'parking-lot': 1, booking: 1 }, proxied: ['mariadb'] });
    const proxy = world.servers.proxy('mariadb');
    const file = join(world.folder, 'history.jsonl');
    const drivers = await startDrivers({
      world,
      file,
      random: run.random,
      drivers: 10,
      pauseMs: 2,
      patienceMs: 20_000,
    });
    // So that answers are on their way for a while, those to COMMIT too: what has happened by then is not told.
    const heal = await proxy.toxic({ type: 'latency', stream: 'downstream', attributes: { latency: 40, jitter: 20 } });
    for (let cut = 0; cut < cuts; cut += 1) {
      await drivers.made(2);
      await new Promise((resolve) => setTimeout(resolve, run.random() * 60));
      await proxy.enable(false);
      await proxy.enable(true);
    }
    await heal();
    await drivers.made(2);
    await drivers.stop();
    const { violations, evidence } = await prove({ world, run, file });
    const landed = storedUnknown(readHistory(file), evidence);
    run.note(`${drivers.tally.unknown} calls of unknown outcome`);
    return {
      tried: `${cuts} cuts of all connections to the database under 10 drivers`,
      landed: { count: landed, of: drivers.tally.unknown, where: 'calls of unknown outcome had been stored' },
      lost: violations.length,
    };
  },
};

/** Calls whose answer was lost after their booking had been stored; not those that a later call with their key stored. */
const storedUnknown = (calls: readonly Call[], { bookings }: Evidence): number => {
  const wish = (one: { driverId: string; spotId: string; startsAt: string | Date }): string =>
    `${one.driverId} ${one.spotId} ${new Date(one.startsAt).toISOString()}`;
  const stored = new Map(bookings.map((booking) => [wish(booking), booking.createdAt.getTime()]));
  const books = calls.flatMap((call) => (call.request.op === 'book' ? [{ ...call, request: call.request }] : []));
  return books.filter(({ request, told, askedAt }) => {
    const createdAt = stored.get(wish(request));
    if (told.outcome !== 'unknown' || createdAt === undefined) return false;
    const next = books.find((call) => call.request.key === request.key && call.askedAt > askedAt);
    return createdAt >= askedAt && createdAt < (next?.askedAt ?? Infinity);
  }).length;
};
