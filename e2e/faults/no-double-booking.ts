import { randomUUID } from 'node:crypto';
import type { Fault, FaultRun } from './frame/fault.ts';
import { askAgain } from '../platform/ask-again.ts';
import { driversOf, rush, windowAt, type Window } from './load/book.ts';
import { offerSpots } from './load/offer-spots.ts';
import { openWorld, type World } from './world/open-world.ts';
import { overlaps } from './world/overlaps.ts';

const AT_ONCE = 32;
const DAYS = 20;

/** The whole point of the platform: of any number who want the same spot at the same time, one gets it. */
export const fault: Fault = {
  name: 'no-double-booking',
  summary:
    '10,000 attempts at 50 spots in one window, then 100,000 random ranges, over two processes of booking: no overlap',
  seconds: { reduced: 120, full: 1_500 },
  saboteurs: {
    'check-before-transaction': { breaks: 'the window is looked up before the transaction instead of in it' },
    'no-parent-lock': {
      breaks: "check, then insert, without the lock of the spot's row",
      only: { stack: 'external', because: 'SQLite has one writer at a time, whatever the code does' },
    },
  },
  async run(run) {
    const sizes = run.full
      ? { spots: 50, attempts: 10_000, ranges: 100_000 }
      : { spots: 8, attempts: 200, ranges: 300 };
    await using world = await openWorld(run, {
      services: { 'parking-lot': 1, booking: 2 },
      envOf: { booking: { PARKWISE_CIRCUIT_RECOVERY: 'PT1S' } },
    });
    const drivers = driversOf(world, AT_ONCE);
    let again = 0;
    const book = async (window: Window, index: number): Promise<string> => {
      const request = { headers: { 'Idempotency-Key': randomUUID() }, body: window };
      const driver = drivers[index % AT_ONCE] as (typeof drivers)[number];
      // On a busy machine there is no price at times.
      const answer = await askAgain(
        () => driver.createBooking(request),
        () => (again += 1),
      );
      return answer.status === 409
        ? `409 ${(answer.body as { type: string }).type.split('/').at(-1)}`
        : `${answer.status}`;
    };

    const same = await oneWindow(world, sizes, book);
    run.note(`one window: ${JSON.stringify(same)}`);
    run.expect(
      `${sizes.spots} × 201, the rest 409`,
      same['201'] === sizes.spots && same['409 spot-taken'] === sizes.attempts - sizes.spots,
    );
    const ranges = await randomRanges(world, { count: sizes.ranges, run }, book);
    if (again > 0) run.note(`${again} times "try again" (503 with Retry-After) on the way`);
    run.note(`random ranges: ${JSON.stringify(ranges)}`);
    run.need(
      'some ranges were free and some were not',
      (ranges['201'] ?? 0) > 10 && (ranges['409 spot-taken'] ?? 0) > 10,
    );
    run.expect(
      'each range was taken or refused',
      (ranges['201'] ?? 0) + (ranges['409 spot-taken'] ?? 0) === sizes.ranges,
    );
    const lost = await overlaps(world);
    run.expect('no two bookings in the database overlap', lost === 0);
    return {
      tried: `${sizes.attempts} attempts at ${sizes.spots} spots in one window, ${sizes.ranges} random ranges`,
      lost,
    };
  },
};

type Book = (window: Window, index: number) => Promise<string>;

const oneWindow = async (world: World, { spots: count, attempts }: { spots: number; attempts: number }, book: Book) => {
  const spots = await offerSpots(world, count);
  // Neighbours in time want the same spot.
  const windows = Array.from({ length: attempts }, (_, index) =>
    windowAt(spots[Math.floor((index * count) / attempts)] ?? '', 600, 120),
  );
  return rush(windows, AT_ONCE, book);
};

const randomRanges = async (
  world: World,
  { count, run }: { readonly count: number; readonly run: FaultRun },
  book: Book,
) => {
  // So many spots that about half of the ranges find a place.
  const spots = await offerSpots(world, Math.max(2, Math.round(count / 250)));
  const windows = Array.from({ length: count }, () => {
    const spot = spots[Math.floor(run.random() * spots.length)] ?? '';
    return windowAt(spot, Math.floor(run.random() * DAYS * 96) * 15, 15 * Math.ceil(run.random() * 24));
  });
  return rush(windows, AT_ONCE, book);
};
