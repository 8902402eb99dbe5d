import type { Fault } from './frame/fault.ts';
import { driversOf, windowAt } from './load/book.ts';
import { offerSpots } from './load/offer-spots.ts';
import { watchSpot, type Watcher } from './load/watch-spot.ts';
import { eventually } from './tally/count-records.ts';
import { openWorld } from './world/open-world.ts';

/** Each process looks for changes it has not been told of every PARKWISE_LIVE_CHECK (2 s); twice that, and a busy machine. */
const BOUND_MS = 10_000;

/** Redis carries live updates between processes and nothing else: without it they come late, watchers are told so, and none is missing. */
export const fault: Fault = {
  name: 'redis-gone',
  summary:
    'Redis killed while spots are watched through two processes: bookings unaffected, watchers warned, each change seen by both',
  only: { stack: 'external', because: 'the embedded stack has no Redis' },
  own: ['redis'],
  seconds: { reduced: 120, full: 240 },
  saboteurs: {
    'no-live-check': { breaks: 'nobody looks for changes that were not told', env: { PARKWISE_LIVE_CHECK: 'PT1H' } },
  },
  async run(run) {
    const rounds = run.full ? 10 : 2;
    await using world = await openWorld(run, { services: { 'parking-lot': 2, booking: 1 } });
    const spots = await offerSpots(world, 2);
    const [driver] = driversOf(world, 1);
    const days = { from: windowAt('', -1_440, 60).startsAt, to: windowAt('', 1_440 * 20, 60).endsAt };
    const watchers = spots.flatMap((spot) =>
      world.instances('parking-lot').map((one) => ({ spot, watcher: watchSpot(world, one, spot, days) })),
    );
    const booked: { readonly spot: string; readonly startsAt: string }[] = [];
    let refused = 0;
    let hour = 0;
    const book = async (count: number): Promise<void> => {
      for (let n = 0; n < count; n += 1) {
        hour += 1;
        const window = windowAt(spots[hour % spots.length] ?? '', hour * 60, 60);
        if ((await driver?.createBooking({ body: window }))?.status === 201)
          booked.push({ spot: window.spotId, startsAt: window.startsAt });
        else refused += 1;
      }
    };
    const missing = (): number =>
      watchers.reduce(
        (sum, { spot, watcher }) =>
          sum +
          missedBy(
            watcher,
            booked.filter((one) => one.spot === spot),
          ),
        0,
      );
    let landed = 0;
    let latestMs = 0;
    try {
      await book(4);
      run.need('watchers see bookings at first', await eventually(async () => missing() === 0, 20_000));
      for (let round = 0; round < rounds; round += 1) {
        await world.servers.own().kill('redis');
        await book(6);
        if (missing() > 0) landed += 1;
        const startedAt = performance.now();
        await eventually(async () => missing() === 0, BOUND_MS + 2_000);
        latestMs = Math.max(latestMs, performance.now() - startedAt);
        if (latestMs >= BOUND_MS) break;
        await world.servers.own().start('redis');
        await book(2);
        await eventually(async () => missing() === 0, BOUND_MS);
      }
      run.expect(
        `without Redis changes are seen within ${BOUND_MS / 1000} s (${(latestMs / 1000).toFixed(1)} s)`,
        latestMs < BOUND_MS,
      );
      run.expect(
        'watchers were told that they are late',
        watchers.some(({ watcher }) => watcher.warned),
      );
      run.expect(`bookings are unaffected (${refused} refused)`, refused === 0);
      const lost = missing();
      run.expect(`each of ${booked.length} bookings was seen by both watchers of its spot`, lost === 0);
      return {
        tried: `${rounds} kills of Redis, ${booked.length} bookings, ${watchers.length} watchers on two processes`,
        landed: { count: landed, of: rounds, where: 'while changes had not been seen by all' },
        lost,
      };
    } finally {
      for (const { watcher } of watchers) watcher.close();
    }
  },
};

const missedBy = ({ reserved }: Watcher, booked: readonly { readonly startsAt: string }[]): number =>
  booked.filter(({ startsAt }) => !reserved.has(startsAt)).length;
