import { join } from 'node:path';
import type { Fault } from './frame/fault.ts';
import { prove } from './history/prove.ts';
import { startDrivers } from './load/start-drivers.ts';
import { eventually } from './tally/count-records.ts';
import { inFlight } from './world/in-flight.ts';
import { openWorld, type World } from './world/open-world.ts';

const MINUTE_MS = 60_000;
const HOLD_MS = 2 * MINUTE_MS;
/** Within the life of a token, forth and back. */
const JUMPS_MINUTES = [5, -3, 4, 0];
const LARGEST_MS = 8 * MINUTE_MS;

/**
 * Machines' clocks are set, forwards and backwards. What has to follow the clock (holds) does so at once; what has to go on (relays,
 * leases, ids) is not stopped by a time that comes twice.
 */
export const fault: Fault = {
  name: 'clock-jumps',
  summary:
    'the clock of booking jumps by minutes, forwards and backwards, under load: holds end, messages flow, nothing happens twice',
  seconds: { reduced: 120, full: 300 },
  saboteurs: { 'frozen-clock': { breaks: 'the time is what it was at the start, and what has passed since' } },
  async run(run) {
    const rounds = run.full ? 5 : 1;
    await using world = await openWorld(run, {
      services: { 'parking-lot': 1, booking: 2 },
      withClock: ['booking'],
      envOf: { booking: { BOOKING_HOLD_DURATION: `PT${HOLD_MS / 1000}S`, BOOKING_EXPIRY_INTERVAL: 'PT0.2S' } },
    });
    const drivers = await startDrivers({
      world,
      file: join(world.folder, 'history.jsonl'),
      random: run.random,
      pay: 0.3,
    });
    const patienceMs = run.sabotage ? 3_000 : 10_000;
    let stuck = 0;
    let stillHeld = 0;
    let ended = 0;
    for (let jump = 0; jump < rounds * JUMPS_MINUTES.length; jump += 1) {
      const offsetMs = (JUMPS_MINUTES[jump % JUMPS_MINUTES.length] ?? 0) * MINUTE_MS;
      await drivers.made(8);
      for (const one of world.instances('booking')) one.send({ clockOffsetMs: offsetMs });
      const before = await overdue(world, Date.now() + offsetMs);
      ended += before;
      if (!(await eventually(async () => (await overdue(world, Date.now() + offsetMs - 1_000)) === 0, patienceMs)))
        stillHeld += 1;
      // Under load there is always something on its way; what is there now has to be gone soon.
      await drivers.made(4);
      if (!(await eventually(async () => (await inFlight(world)) < 5, 10_000))) stuck += 1;
    }
    await drivers.stop();
    const jumps = rounds * JUMPS_MINUTES.length;
    run.expect(`holds that are over end within 10 s (${stillHeld} times not)`, stillHeld === 0);
    run.expect(`messages flow on (${stuck} times not)`, stuck === 0);
    const { violations, evidence } = await prove({ world, run, file: drivers.file, slackMs: LARGEST_MS + 30_000 });
    const expired = evidence.changes.filter(({ status }) => status === 'EXPIRED').length;
    return {
      tried: `${jumps} jumps of the clock by up to ${LARGEST_MS / MINUTE_MS} minutes under 6 drivers, ${expired} holds ended`,
      landed: {
        count: ended,
        of: evidence.bookings.length,
        where: 'bookings were held when the clock jumped past their end',
      },
      lost: violations.length,
    };
  },
};

/** Holds that are over at this time and still there. */
const overdue = async ({ stores }: World, time: number): Promise<number> => {
  const { knex, dialect } = await stores.database('booking');
  const at = dialect.name === 'sqlite' ? time : new Date(time);
  const rows = await knex('bookings')
    .where('status', 'PENDING_PAYMENT')
    .where('expires_at', '<=', at)
    .count({ n: '*' });
  return Number(rows[0]?.['n']);
};
