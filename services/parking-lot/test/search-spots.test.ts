import t from 'tap';
import { aBooking, aService, driver, newSpot, offered, problem, provider, tell } from './a-service.ts';
import type { Service } from './a-service.ts';

const sol = { latitude: 40.418, longitude: -3.7026 };
const window = { from: '2026-03-02T09:00:00Z', to: '2026-03-02T11:00:00Z' };
const north = (metres: number) => ({
  location: { type: 'Point' as const, coordinates: [-3.7026, 40.418 + metres / 111_195] as [number, number] },
});
const priced = (amount: number) => ({ pricing: { basePricePerHour: { amount, currency: 'EUR' } } });
type Query = Omit<
  NonNullable<Parameters<ReturnType<Service['as']>['searchSpots']>[0]['query']>,
  'latitude' | 'longitude'
>;

const search = (app: Service, query: Query = {}) => app.as(driver).searchSpots({ query: { ...sol, ...query } });
const titles = async (app: Service, query: Query = {}): Promise<string[]> => {
  const page = await search(app, query);
  if (page.status !== 200) throw new Error(`answered ${page.status}: ${JSON.stringify(page.body)}`);
  return page.body.items.map(({ title }) => title);
};

t.test('a driver finds the listed spots around a place, with what it takes to choose', async (t) => {
  await using app = await aService();
  const spot = await offered(app, { ...north(168), amenities: ['lighting'] });
  await offered(app, { ...north(1001) });
  await offered(app, { status: 'UNLISTED' });
  const found = await search(app);
  t.equal(found.status, 200);
  t.strictSame(found.body, {
    items: [
      {
        spotId: spot.id,
        title: spot.title,
        type: 'covered',
        location: spot.location,
        address: newSpot.address,
        amenities: ['lighting'],
        basePricePerHour: { amount: 250, currency: 'EUR' },
        distance: 168,
      },
    ],
  });
  t.strictSame((await app.as(driver).searchSpots({ query: { latitude: -48.8767, longitude: -123.3933 } })).body, {
    items: [],
  });
});

t.test('radius, type, amenities and price narrow the search', async (t) => {
  await using app = await aService();
  await offered(app, { title: 'covered', ...north(100), amenities: ['lighting', 'guarded'], ...priced(400) });
  await offered(app, { title: 'charging', ...north(900), type: 'evCharging', amenities: ['lighting'], ...priced(200) });
  t.strictSame(await titles(app), ['covered', 'charging']);
  t.strictSame(await titles(app, { radius: 500 }), ['covered']);
  t.strictSame(await titles(app, { type: 'evCharging' }), ['charging']);
  t.strictSame(await titles(app, { amenities: ['lighting'] }), ['covered', 'charging']);
  t.strictSame(await titles(app, { amenities: ['guarded', 'lighting'] }), ['covered']);
  t.strictSame(await titles(app, { maxPrice: 399 }), ['charging']);
  t.strictSame(await titles(app, { sort: 'price' }), ['charging', 'covered']);
  t.equal((await titles(app, { sort: 'rating' })).length, 2);
});

t.test('with a window, only what can be had for all of it is found, with its price', async (t) => {
  await using app = await aService();
  const booked = await offered(app, { title: 'booked', ...north(10) });
  const blocked = await offered(app, { title: 'blocked', ...north(20) });
  await offered(app, {
    title: 'closed',
    ...north(30),
    openingHours: { weekly: [{ days: ['MON'], from: '10:30', to: '24:00' }] },
  });
  await offered(app, { title: 'free', ...north(40) });
  await offered(app, { title: 'beyond price', ...north(50), ...priced(99_999_999) });
  await app.as(provider).blockSpot({ path: { spotId: blocked.id }, body: window });
  const booking = tell(app, aBooking(booked.id, '2026-03-02T10:00:00Z', '2026-03-02T10:30:00Z'));
  await booking.requested();
  t.match((await search(app, window)).body, { items: [{ title: 'free', windowPrice: { amount: 500 } }] });
  t.equal((await titles(app, window)).length, 1);
  t.equal((await titles(app)).length, 5, 'without a window, all of them');
  await booking.expired();
  t.strictSame(await titles(app, window), ['booked', 'free']);
});

t.test('pages hold each spot once, in order, although many are equally near', async (t) => {
  await using app = await aService();
  for (let number = 0; number < 11; number += 1) {
    const spot = await offered(app, {
      title: `spot ${number}`,
      ...north(number < 8 ? 100 : 200),
      ...priced(100 + (number % 2)),
    });
    if (number === 5) await tell(app, aBooking(spot.id, window.from, window.to)).requested();
  }
  for (const sort of ['distance', 'price', 'rating'] as const) {
    const seen: { spotId: string; distance: number; price: number }[] = [];
    let cursor: string | undefined;
    do {
      const page = await search(app, { ...window, sort, limit: 3, ...(cursor !== undefined && { cursor }) });
      if (page.status !== 200) throw new Error(`answered ${page.status}`);
      const { items, next } = page.body;
      t.ok(items.length === 3 || next === undefined, 'only the last page is not full');
      seen.push(
        ...items.map(({ spotId, distance, basePricePerHour }) => ({
          spotId,
          distance,
          price: basePricePerHour.amount,
        })),
      );
      cursor = next;
    } while (cursor !== undefined);
    t.equal(new Set(seen.map(({ spotId }) => spotId)).size, 10);
    t.equal(seen.length, 10);
    if (sort === 'distance')
      t.strictSame(
        seen,
        seen.toSorted((a, b) => a.distance - b.distance),
      );
    if (sort === 'price')
      t.strictSame(
        seen,
        seen.toSorted((a, b) => a.price - b.price),
      );
  }
});

t.test('a cursor fits the search that it came from', async (t) => {
  await using app = await aService();
  for (const metres of [10, 20, 30]) await offered(app, north(metres));
  const first = await search(app, { limit: 1 });
  if (first.status !== 200 || first.body.next === undefined) throw new Error('There is no next page');
  const cursor = first.body.next;
  t.equal((await titles(app, { cursor })).length, 2);
  for (const query of [
    { cursor: 'made-up' },
    { cursor, radius: 999 },
    { cursor, sort: 'price' as const },
    { cursor, type: 'covered' as const },
    { cursor, amenities: ['lighting' as const] },
    { cursor, maxPrice: 400 },
    { cursor, ...window },
    { cursor, latitude: 40.4181 },
    { cursor, longitude: -3.7027 },
  ]) {
    t.match(await search(app, query), { status: 400, body: problem('invalid-cursor') });
  }
});

t.test('half a window, or one that makes no sense, is refused', async (t) => {
  await using app = await aService();
  for (const query of [
    { from: window.from },
    { to: window.to },
    { from: window.to, to: window.from },
    { from: window.from, to: '2026-04-03T09:00:00Z' },
  ]) {
    t.match(await search(app, query), { status: 422, body: problem('invalid-window') });
  }
});
