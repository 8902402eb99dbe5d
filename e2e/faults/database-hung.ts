import { join } from 'node:path';
import type { Fault } from './frame/fault.ts';
import { prove } from './history/prove.ts';
import { startDrivers } from './load/start-drivers.ts';
import { hangDatabase } from './world/break-down.ts';
import { openWorld } from './world/open-world.ts';

const REQUEST_TIMEOUT_MS = 2_000;
/** The time limit of a request, the half second in which it is noticed, and what a busy machine needs. */
const BOUND_MS = REQUEST_TIMEOUT_MS + 1_000;

/**
 * The bound: whatever the database does, a request is answered within PARKWISE_REQUEST_TIMEOUT (30 s by default, 2 s here) and half a
 * second. What the answer says of a booking then (503) is that nobody knows: it may still be made when the database comes back.
 */
export const fault: Fault = {
  name: 'database-hung',
  summary:
    'the database takes everything and answers nothing (SIGSTOP; the file locked): each request is answered within its time limit',
  own: ['mariadb'],
  seconds: { reduced: 120, full: 240 },
  saboteurs: {
    'no-request-timeout': { breaks: 'requests have no time limit', env: { PARKWISE_REQUEST_TIMEOUT: 'PT1H' } },
  },
  async run(run) {
    const size = run.full ? { hangs: 4, ms: 30_000 } : { hangs: 1, ms: 6_000 };
    await using world = await openWorld(run, {
      services: { 'parking-lot': 1, booking: 1 },
      env: { PARKWISE_REQUEST_TIMEOUT: `PT${REQUEST_TIMEOUT_MS / 1000}S` },
    });
    const drivers = await startDrivers({
      world,
      file: join(world.folder, 'history.jsonl'),
      random: run.random,
      patienceMs: 20_000,
    });
    let landed = 0;
    let recoveredMs = 0;
    for (let hang = 0; hang < size.hangs; hang += 1) {
      await drivers.made(10);
      const { unknown } = drivers.tally;
      const repair = await hangDatabase(run, world);
      await new Promise((resolve) => setTimeout(resolve, size.ms));
      landed += drivers.tally.unknown - unknown;
      await repair();
      const repairedAt = performance.now();
      await drivers.made(3);
      recoveredMs = Math.max(recoveredMs, performance.now() - repairedAt);
    }
    await drivers.stop();
    const slowest = Math.max(...drivers.took);
    run.expect(`each request was answered within ${BOUND_MS} ms (${slowest.toFixed(0)} ms)`, slowest < BOUND_MS);
    run.expect(`bookings are made again within 20 s (${(recoveredMs / 1000).toFixed(1)} s)`, recoveredMs < 20_000);
    const { violations } = await prove({ world, run, file: drivers.file });
    return {
      tried: `${size.hangs} × ${size.ms / 1000} s of a database that hangs, under 6 drivers`,
      landed: { count: landed, of: drivers.took.length, where: 'calls of unknown outcome' },
      lost: violations.length,
    };
  },
};
