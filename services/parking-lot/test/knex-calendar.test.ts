import { randomUUID } from 'node:crypto';
import t from 'tap';
import type { BusyState } from '../src/domain/busy-period.ts';
import { distanceBetween } from '../src/domain/geography.ts';
import type { TimeWindow } from '../src/domain/time-window.ts';
import { aDatabase } from './a-database.ts';
import { NOW, PROVIDER, anOffer, at, on } from './a-spot.ts';

const booking = (spotId: string, window: TimeWindow, state: BusyState = 'HELD') => ({
  bookingId: randomUUID(),
  spotId,
  window,
  state,
  sequence: 1,
});
const block = (spotId: string, window: TimeWindow, id = randomUUID()) => ({
  id,
  spotId,
  providerId: PROVIDER,
  window,
  createdAt: NOW,
});

t.test('what overlaps a window is found, what only touches it or has been given back is not', async (t) => {
  const { calendar, blocks, busyPeriods, write, close } = await aDatabase();
  t.teardown(close);
  const [one, other, free] = [randomUUID(), randomUUID(), randomUUID()];
  await write(async (tx) => {
    await busyPeriods.save(tx, booking(one, on(2, 9, 11)), NOW);
    await busyPeriods.save(tx, booking(one, on(2, 11, 12), 'BOOKED'), NOW);
    await busyPeriods.save(tx, booking(one, on(2, 14, 15), 'FREED'), NOW);
    await busyPeriods.save(tx, booking(one, on(2, 7, 8)), NOW);
    await blocks.add(tx, block(other, on(2, 6, 18)));
  });
  const during = await calendar.during([one, other, free], on(2, 8, 12));
  t.strictSame(
    during.get(one)?.bookings.toSorted((a, b) => a.from - b.from),
    [on(2, 9, 11), on(2, 11, 12)],
  );
  t.strictSame(during.get(other), { blocks: [on(2, 6, 18)], bookings: [] });
  t.notOk(during.has(free));
  const isTaken = (spotId: string, window: TimeWindow) => write((tx) => calendar.isTaken(tx, spotId, window));
  t.equal(await isTaken(one, on(2, 10, 11)), true);
  t.equal(await isTaken(one, on(2, 8, 9)), false);
  t.equal(await isTaken(one, on(2, 14, 15)), false);
  t.equal(await isTaken(other, on(2, 17, 19)), true);
});

t.test('the booking keeps one row whatever happens to it', async (t) => {
  const { busyPeriods, calendar, sql, write, close } = await aDatabase();
  t.teardown(close);
  const spotId = randomUUID();
  const held = booking(spotId, on(2, 9, 11));
  await write((tx) => busyPeriods.save(tx, held, NOW));
  await write((tx) => busyPeriods.save(tx, { ...held, state: 'BOOKED', sequence: 2 }, NOW));
  t.strictSame(await write((tx) => busyPeriods.ofBooking(tx, held.bookingId)), {
    ...held,
    state: 'BOOKED',
    sequence: 2,
  });
  t.equal(await write((tx) => busyPeriods.anyAhead(tx, spotId, new Date(on(2, 9, 11).to - 1))), true);
  t.equal(await write((tx) => busyPeriods.anyAhead(tx, spotId, new Date(on(2, 9, 11).to))), false, 'it is over');
  await write((tx) => busyPeriods.save(tx, { ...held, state: 'FREED', sequence: 3 }, NOW));
  t.equal(await write((tx) => busyPeriods.anyAhead(tx, spotId, NOW)), false);
  t.equal((await calendar.during([spotId], on(2, 0, 23))).size, 0);
  t.equal((await sql.knex('busy_periods').select('booking_id')).length, 1);
});

t.test('occupancy counts the listed spots within a kilometre, and of these the booked ones, once each', async (t) => {
  const { calendar, spots, blocks, busyPeriods, write, close } = await aDatabase();
  t.teardown(close);
  const near = [
    anOffer(at(40.418, -3.7026)),
    anOffer(at(40.4185, -3.703)),
    anOffer(at(40.42, -3.7026)),
    anOffer(at(40.4268, -3.7026)),
  ];
  const [a, b, c] = near.map(({ spot }) => spot.id) as [string, string, string];
  const [unlisted, far] = [anOffer({ ...at(40.418, -3.7026), status: 'UNLISTED' }), anOffer(at(40.4275, -3.7026))];
  await write(async (tx) => {
    for (const offer of [...near, unlisted, far]) await spots.add(tx, offer);
    await busyPeriods.save(tx, booking(a, on(2, 9, 10)), NOW);
    await busyPeriods.save(tx, booking(a, on(2, 10, 11)), NOW);
    await busyPeriods.save(tx, booking(b, on(2, 9, 10), 'FREED'), NOW);
    await busyPeriods.save(tx, booking(unlisted.spot.id, on(2, 9, 10)), NOW);
    await busyPeriods.save(tx, booking(far.spot.id, on(2, 9, 10)), NOW);
    await blocks.add(tx, block(c, on(2, 9, 10)));
  });
  const centre = at(40.418, -3.7026).location;
  t.strictSame(await calendar.occupancyAround([centre], on(2, 9, 11)), [{ spots: 4, taken: 1 }]);
  t.strictSame(await calendar.occupancyAround([centre], on(2, 11, 12)), [{ spots: 4, taken: 0 }]);
});

t.test('occupancy around many places at once is what it is around each', async (t) => {
  const { calendar, spots, busyPeriods, sql, write, close } = await aDatabase();
  t.teardown(close);
  // Nets of spots some 400 m apart: in a town, across the antimeridian, around a pole and far from everything.
  const net = (latitude: number, longitude: number, apart: number) =>
    Array.from({ length: 49 }, (_, n) => {
      const east = longitude + (Math.floor(n / 7) - 3) * apart;
      const around = east > 180 ? east - 360 : east < -180 ? east + 360 : east;
      return anOffer(at(Math.min(90, latitude + ((n % 7) - 3) * 0.0036), around));
    });
  const offers = [...net(40.418, -3.7026, 0.0047), ...net(-17, 180, 0.0038), ...net(89.99, 0, 50), ...net(0, -30, 9)];
  const booked = offers.filter((_, index) => index % 3 === 0);
  await write(async (tx) => {
    for (const offer of offers) await spots.add(tx, offer);
    for (const { spot } of booked) await busyPeriods.save(tx, booking(spot.id, on(2, 9, 10)), NOW);
  });
  const isBooked = new Set(booked.map(({ spot }) => spot.id));
  const inNoOrder = offers.map((_, index) => offers[(index * 45) % offers.length] as (typeof offers)[number]);
  const places = inNoOrder.map(({ spot }) => spot.location);
  t.equal(new Set(places).size, offers.length);

  const asked: string[] = [];
  sql.knex.on('query', ({ sql: text }: { readonly sql: string }) => asked.push(text));
  const together = await calendar.occupancyAround(places, on(2, 9, 11));
  const queries = asked.length;
  t.ok(queries < offers.length, `${queries} queries`);
  const oneByOne = [];
  for (const place of places) oneByOne.push(...(await calendar.occupancyAround([place], on(2, 9, 11))));
  t.equal(asked.length, queries + places.length);
  const measured = places.map((place) => {
    const near = offers.filter(({ spot }) => distanceBetween(place, spot.location) <= 1000);
    return { spots: near.length, taken: near.filter(({ spot }) => isBooked.has(spot.id)).length };
  });
  t.strictSame(together, measured);
  t.strictSame(oneByOne, measured);
  t.ok(new Set(measured.map(({ spots }) => spots)).size > 5, 'in the middle of a net there are more than at its edge');

  asked.length = 0;
  const town = offers
    .slice(0, 49)
    .filter(({ spot }) => distanceBetween(spot.location, at(40.418, -3.7026).location) < 1000);
  await calendar.occupancyAround(
    town.map(({ spot }) => spot.location),
    on(2, 9, 11),
  );
  t.equal(asked.length, 1, 'as near as a search finds them, they are one query');
  t.strictSame(await calendar.occupancyAround([], on(2, 9, 11)), []);
});

t.test('blocks that have not ended come page by page, the earliest first', async (t) => {
  const { blocks, write, close } = await aDatabase();
  t.teardown(close);
  const spotId = randomUUID();
  const [over, first, second] = [block(spotId, on(1, 6, 7)), block(spotId, on(1, 8, 9)), block(spotId, on(3, 6, 7))];
  await write(async (tx) => {
    for (const one of [second, over, first, block(randomUUID(), on(2, 6, 7))]) await blocks.add(tx, one);
  });
  t.strictSame(await blocks.listOf(spotId, { now: NOW, limit: 10 }), [first, second]);
  const after = { key: first.window.from, id: first.id };
  t.strictSame(await blocks.listOf(spotId, { now: NOW, limit: 10, after }), [second]);
  t.notOk(await write((tx) => blocks.remove(tx, randomUUID(), first.id)), 'not of this spot');
  t.strictSame(await write((tx) => blocks.remove(tx, spotId, first.id)), first);
  t.notOk(await write((tx) => blocks.remove(tx, spotId, first.id)));
});
