import { randomUUID } from 'node:crypto';
import t from 'tap';
import { windowHolders } from '../src/adapters/window-holders.ts';
import { knexBookingReads } from '../src/adapters/knex-booking-reads.ts';
import { cancelBooking, confirmBooking, expireBooking } from '../src/domain/booking.ts';
import { overlaps, type BookingWindow } from '../src/domain/booking-window.ts';
import { HOLD_MS, NOW, aRequest, changed, hours, later, payment, request } from './a-booking.ts';
import { aDatabase, aSharedDatabase } from './a-database.ts';

t.test('a booking is read as it was stored, after each change', async (t) => {
  const { database, add, save, bookings, published, close } = await aDatabase();
  t.teardown(close);
  const lock = (id: string) => database.transaction((tx) => bookings.lock(tx, { id }));
  const requested = request(hours(48, 50), { vehiclePlate: '1234 BCD' });
  const { id, driverId } = requested.state;
  t.equal(await add(requested), 'added');
  t.same(await lock(id), requested.state);
  const confirmed = changed(confirmBooking(requested.state, payment, later(1)));
  t.equal(await save(confirmed), 'saved');
  t.same(await lock(id), confirmed.state);
  const cancelled = changed(cancelBooking(confirmed.state, { reason: 'rain', now: later(2) }));
  t.equal(await save(cancelled), 'saved');
  t.same(await lock(id), cancelled.state);

  t.same(await knexBookingReads(database).historyOfDriver(driverId, id), [
    { status: 'PENDING_PAYMENT', at: NOW, by: 'driver' },
    { status: 'CONFIRMED', at: later(1), by: 'payment' },
    { status: 'CANCELLED', at: later(2), by: 'driver' },
  ]);
  t.same(
    published.map(({ message, about }) => [message, about]),
    [
      ['bookingRequested', { key: id, sequence: 1 }],
      ['bookingConfirmed', { key: id, sequence: 2 }],
      ['bookingCancelled', { key: id, sequence: 3 }],
    ],
  );
});

t.test('a change of a state that is no longer the current one is not stored, nor told to anybody', async (t) => {
  const { add, save, published, close } = await aDatabase();
  t.teardown(close);
  const requested = request(hours(48, 50));
  const { state } = requested;
  await add(requested);
  t.equal(await save(changed(cancelBooking(state, { now: later(1) }))), 'saved');
  t.equal(await save(changed(confirmBooking(state, payment, later(1)))), 'stale');
  t.same(
    published.map(({ message }) => message),
    ['bookingRequested', 'bookingCancelled'],
  );
});

t.test('windows of one spot that touch are both had; those that overlap are not', async (t) => {
  const { add, close } = await aDatabase();
  t.teardown(close);
  t.equal(await add(request(hours(10, 12))), 'added');
  t.equal(await add(request(hours(12, 14))), 'added');
  t.equal(await add(request(hours(8, 10))), 'added');
  t.equal(await add(request(hours(11, 13))), 'overlaps');
  t.equal(await add(request(hours(10, 12))), 'overlaps', 'the same');
  t.equal(await add(request(hours(10.5, 11))), 'overlaps', 'within');
  t.equal(await add(request(hours(1, 100))), 'overlaps', 'around');
  t.equal(await add(request(hours(10, 12), { spotId: randomUUID() })), 'added', 'another spot');
  const month = 31 * 24;
  t.equal(await add(request(hours(1_000, 1_000 + month))), 'added', 'the longest');
  t.equal(await add(request(hours(1_000 + month - 0.25, 1_000 + month))), 'overlaps', 'the very end of the longest');
  t.equal(await add(request(hours(1_000 + month, 1_001 + month))), 'added', 'right behind the longest');
});

t.test('what is cancelled, expired or over holds nothing', async (t) => {
  const { add, save, published, close } = await aDatabase();
  t.teardown(close);
  const first = request(hours(10, 12));
  await add(first);
  await save(changed(cancelBooking(first.state, { now: NOW })));
  const second = request(hours(10, 12));
  t.equal(await add(second), 'added');
  await save(changed(expireBooking(second.state, later(HOLD_MS))));
  const third = request(hours(10, 12), { now: later(HOLD_MS) });
  t.equal(await add(third), 'added');
  t.equal(await add(request(hours(11, 13), { now: later(2 * HOLD_MS - 1) })), 'overlaps');
  t.equal(
    await add(request(hours(11, 13), { now: later(2 * HOLD_MS) })),
    'added',
    'a hold that is over makes way at once',
  );
  t.match(published.at(-2), { message: 'bookingExpired', about: { key: third.state.id, sequence: 2 } });
  t.equal(await add(request(hours(10, 12), { now: later(2 * HOLD_MS) })), 'overlaps');
});

t.test('of 200 who want the same window at once, from two processes, exactly one gets it', async (t) => {
  const { url, remove } = await aSharedDatabase();
  const one = await aDatabase(url);
  const other = await aDatabase(url);
  t.teardown(async () => {
    await one.close();
    await other.close();
    await remove();
  });
  const outcomes = await Promise.all(
    Array.from({ length: 200 }, (_, index) => (index % 2 ? one : other).add(request(hours(10, 12)))),
  );
  t.equal(outcomes.filter((outcome) => outcome === 'added').length, 1);
  t.equal(outcomes.filter((outcome) => outcome === 'overlaps').length, 199);
  t.equal((await windowHolders(one.database, aRequest().spotId, hours(0, 1_000))).length, 1);
  t.equal(one.published.length + other.published.length, 1);
});

t.test('of many random windows none that were had overlap, and none was refused without a reason', async (t) => {
  const { database, add, close } = await aDatabase();
  t.teardown(close);
  // A fixed sequence (Park and Miller), so that a failure can be had again.
  let seed = 20_370_301;
  const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
  const wanted = Array.from({ length: 600 }, () => {
    const from = 1 + random(400);
    return request(hours(from, from + 1 + random(6)), { spotId: spots[random(3)] });
  });
  const outcomes = await Promise.all(wanted.map(add));
  const had = wanted.filter((_, index) => outcomes[index] === 'added').map(({ state }) => state);
  const clash = (one: { id: string; spotId: string; window: BookingWindow }) =>
    had.some((other) => other.id !== one.id && other.spotId === one.spotId && overlaps(other.window, one.window));
  t.ok(had.length > 100 && had.length < 600, `${had.length} of 600`);
  t.equal(had.filter(clash).length, 0);
  t.equal(wanted.filter(({ state }, index) => outcomes[index] === 'overlaps' && !clash(state)).length, 0);
  let stored = 0;
  for (const spot of spots) stored += (await windowHolders(database, spot, hours(0, 1_000))).length;
  t.equal(stored, had.length);
});

const spots = [randomUUID(), randomUUID(), randomUUID()] as const;
