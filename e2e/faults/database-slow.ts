import { join } from 'node:path';
import type { Fault } from './frame/fault.ts';
import { prove } from './history/prove.ts';
import { startDrivers } from './load/start-drivers.ts';
import { openWorld } from './world/open-world.ts';

const REQUEST_TIMEOUT_MS = 5_000;
const BOUND_MS = REQUEST_TIMEOUT_MS + 1_500;

/** A database that is far away makes bookings slow, and nothing else: no answer is lost, nobody waits longer than the time limit. */
export const fault: Fault = {
  name: 'database-slow',
  summary:
    'each answer of MariaDB is late by 100 to 200 ms (Toxiproxy): requests take longer, each is answered in its time, nothing is lost',
  only: { stack: 'external', because: 'SQLite runs in the process of its service, with no way between them' },
  seconds: { reduced: 120, full: 300 },
  saboteurs: {
    'hasty-requests': {
      breaks: 'a request has less time than its statements need',
      env: { PARKWISE_REQUEST_TIMEOUT: 'PT0.3S' },
    },
  },
  async run(run) {
    await using world = await openWorld(run, {
      services: { 'parking-lot': 1, booking: 1 },
      proxied: ['mariadb'],
      env: { PARKWISE_REQUEST_TIMEOUT: `PT${REQUEST_TIMEOUT_MS / 1000}S` },
    });
    const drivers = await startDrivers({
      world,
      file: join(world.folder, 'history.jsonl'),
      random: run.random,
      patienceMs: 20_000,
    });
    await drivers.made(5);
    const before = drivers.took.length;
    const heal = await world.servers.proxy('mariadb').toxic({
      type: 'latency',
      stream: 'downstream',
      attributes: { latency: 150, jitter: 50 },
    });
    const end = performance.now() + (run.full ? 60_000 : 6_000);
    while (performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 100));
    const slow = drivers.took.length - before;
    const { unknown } = drivers.tally;
    const slowest = Math.max(...drivers.took.slice(before));
    await heal();
    await drivers.stop();
    run.need(`requests were answered meanwhile (${slow})`, slow > 5);
    run.expect(
      `each within ${BOUND_MS} ms (${slowest.toFixed(0)} ms), none by an error (${unknown})`,
      slowest < BOUND_MS && unknown === 0,
    );
    const { violations } = await prove({ world, run, file: drivers.file });
    return { tried: `${slow} requests over a database that is 150 ms away`, lost: violations.length };
  },
};
