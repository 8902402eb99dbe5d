import { join } from 'node:path';
import type { Fault, FaultRun } from './frame/fault.ts';
import { prove } from './history/prove.ts';
import { startDrivers } from './load/start-drivers.ts';
import { misfortunesOf } from './world/misfortunes.ts';
import { openWorld, type World } from './world/open-world.ts';

const AT_ONCE = 2;
/** By then the second has begun while the first is at work. */
const APART_MS = 800;

/** Troubles do not come one by one: what is promised of each has to hold while others are going on. */
export const fault: Fault = {
  name: 'storm',
  summary:
    'processes and servers killed and stopped in pairs, by chance, under load: nothing lost, nothing twice, everything recovers by itself',
  own: ['mariadb', 'kafka', 'redis'],
  seconds: { reduced: 180, full: 900 },
  saboteurs: { 'publish-after-commit': { breaks: 'messages are sent after the commit instead of through the outbox' } },
  async run(run) {
    const rounds = run.full ? 60 : 4;
    await using world = await openWorld(run, {
      services: { 'parking-lot': 2, booking: 2 },
      env: { PARKWISE_CIRCUIT_RECOVERY: 'PT0.5S' },
    });
    const drivers = await startDrivers({
      world,
      file: join(world.folder, 'history.jsonl'),
      random: run.random,
      patienceMs: 20_000,
    });
    const met = new Map<string, number>();
    let [landed, restarts, recoveredMs] = [0, 0, 0];
    for (let round = 0; round < rounds; round += 1) {
      await drivers.made(4);
      const { unknown } = drivers.tally;
      const names = await strike(run, world);
      for (const name of names) met.set(name, (met.get(name) ?? 0) + 1);
      if (drivers.tally.unknown > unknown) landed += 1;
      // As a supervisor does.
      restarts += world.all().filter(({ alive }) => !alive).length;
      await world.start();
      const repairedAt = performance.now();
      await drivers.made(4);
      recoveredMs = Math.max(recoveredMs, performance.now() - repairedAt);
    }
    await drivers.stop();
    run.note([...met].map(([name, count]) => `${count} × ${name}`).join(', '));
    run.expect(`no process has ended by itself (${restarts})`, restarts === 0);
    run.expect(`bookings are made again within 30 s (${(recoveredMs / 1000).toFixed(1)} s)`, recoveredMs < 30_000);
    const { violations } = await prove({ world, run, file: drivers.file, settleMs: 60_000 });
    return {
      tried: `${rounds} pairs of misfortunes under 6 drivers`,
      landed: { count: landed, of: rounds, where: 'while calls were under way' },
      lost: violations.length,
    };
  },
};

/** Some misfortunes at once, no two of the same kind. @returns their names, when all is repaired. */
const strike = async (run: FaultRun, world: World): Promise<readonly string[]> => {
  const all = misfortunesOf(run, world);
  // A kill of booking is what shows the saboteur; chance may leave it out for as many rounds as a reduction has.
  const first = run.sabotage === undefined ? -1 : all.findIndex(({ name }) => name === 'booking killed');
  const chosen = Array.from({ length: AT_ONCE }, (_, nth) => {
    const index = nth === 0 && first >= 0 ? first : Math.floor(run.random() * all.length);
    return all.splice(index, 1);
  }).flat();
  await Promise.all(
    chosen.map(async ({ happen }) => {
      await new Promise((resolve) => setTimeout(resolve, run.random() * APART_MS));
      await happen();
    }),
  );
  return chosen.map(({ name }) => name);
};
