import { connect as connectBooking } from '../../services/booking/src/generated/testing.ts';
import type { Fault, FaultRun } from './frame/fault.ts';
import { windowAt } from './load/book.ts';
import { offerSpots } from './load/offer-spots.ts';
import { percentile } from './load/percentile.ts';
import { openWorld, somebody, type World } from './world/open-world.ts';

const FAST_MS = 50;

/** A dependency that is gone, or that hangs, must not take along who depends on it. */
export const fault: Fault = {
  name: 'breaker',
  summary:
    'parking-lot killed, then hung: once the breaker is open a booking fails in under 50 ms, other routes are as fast as before; it recovers',
  alone: true,
  seconds: { reduced: 120, full: 120 },
  saboteurs: {
    'breaker-off': { breaks: 'the breaker never opens', env: { PARKWISE_CIRCUIT_FAILURES: '1000000' } },
  },
  async run(run) {
    const rounds = run.full ? 200 : 20;
    await using world = await openWorld(run, {
      services: { 'parking-lot': 1, booking: 1 },
      envOf: { booking: { PARKWISE_CIRCUIT_RECOVERY: 'PT2S' } },
    });
    const [spot = ''] = await offerSpots(world, 1);
    const parkingLot = world.service('parking-lot');
    const calls = callsOf(world, spot);
    run.need('a booking works at first', (await calls.book()).status === 201);
    const before = await readAround(calls, rounds);

    await parkingLot.kill();
    const killed = await whileDown(run, 'killed', calls, rounds);
    await parkingLot.start();
    const again = await recovered(calls);
    run.expect('it recovers after the kill', again);
    // Where it never opens, each call waits for all of its time: nothing is gained by trying that once more.
    if (run.sabotage && !run.full) return { tried: `${rounds} bookings without parking-lot, killed`, lost: killed };

    parkingLot.pause();
    const hung = await whileDown(run, 'hung', calls, rounds);
    parkingLot.resume();
    run.expect('it recovers after the pause', await recovered(calls));

    run.note(`reading bookings, 99 of 100: ${before.toFixed(1)} ms before`);
    return { tried: `${rounds * 2} bookings without parking-lot, killed and hung`, lost: killed + hung };
  },
};

type Calls = ReturnType<typeof callsOf>;

const callsOf = (world: World, spotId: string) => {
  const token = world.token(somebody('driver'));
  const booking = connectBooking({ url: world.service('booking').url, token });
  let hour = 0;
  const timed = async (call: Promise<{ readonly status: number }>) => {
    const startedAt = performance.now();
    const { status } = await call;
    return { status, ms: performance.now() - startedAt };
  };
  return {
    book() {
      hour += 1;
      return timed(booking.createBooking({ body: windowAt(spotId, hour * 60, 60) }));
    },
    list: () => timed(booking.listMyBookings({})),
  };
};

const readAround = async (calls: Calls, rounds: number): Promise<number> => {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) times.push((await calls.list()).ms);
  return percentile(times, 0.99);
};

/** @returns how many bookings were not answered 503 in time, once the breaker had had its chance to open. */
const whileDown = async (run: FaultRun, how: string, calls: Calls, rounds: number): Promise<number> => {
  // Its five failures, each up to the limit of a call.
  await Promise.all(Array.from({ length: 5 }, () => calls.book()));
  const bookings: number[] = [];
  const reads: number[] = [];
  let wrong = 0;
  // It lets one call through now and then, to see whether the other is back: that one has to wait.
  let probes = 0;
  // More of them than there may be: nothing is gained by waiting for the rest.
  for (let round = 0; round < rounds && probes <= rounds / 10; round += 1) {
    const [booked, read] = await Promise.all([calls.book(), calls.list()]);
    if (booked.status !== 503 || read.status !== 200) wrong += 1;
    if (booked.ms > 500) probes += 1;
    else bookings.push(booked.ms);
    reads.push(read.ms);
  }
  const half = percentile(bookings, 0.5);
  run.note(
    `${how}: a booking fails after ${half.toFixed(1)} ms (90 of 100: ${percentile(bookings, 0.9).toFixed(1)} ms), ${probes} probes; a read takes ${percentile(reads, 0.9).toFixed(1)} ms`,
  );
  run.expect(`${how}: bookings answer 503, reads 200 (${wrong} others)`, wrong === 0);
  run.expect(`${how}: fails in under ${FAST_MS} ms once open`, bookings.length > rounds / 2 && half < FAST_MS);
  run.expect(`${how}: probes are few`, probes <= rounds / 10);
  run.expect(`${how}: other routes are unaffected`, percentile(reads, 0.9) < FAST_MS * 2);
  return wrong;
};

const recovered = async (calls: Calls): Promise<boolean> => {
  for (const end = performance.now() + 15_000; performance.now() < end;) {
    if ((await calls.book()).status === 201) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
};
