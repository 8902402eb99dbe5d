import t from 'tap';
import { offerDemoSpots } from '../src/demo/offer-demo-spots.ts';
import { valenciaSpots } from '../src/demo/valencia-spots.ts';
import { distanceBetween } from '../src/domain/geography.ts';
import { aDatabase } from './a-database.ts';
import { NOW, at } from './a-spot.ts';

t.test('the demo city has spots of every kind, all over, of each provider', async (t) => {
  const { spots, blocks, search, calendar, write, published, close } = await aDatabase();
  t.teardown(close);
  let count = 0;
  const ids = { next: () => `01900000-0000-7000-8000-${String((count += 1)).padStart(12, '0')}` };
  const told = await write((tx) => offerDemoSpots({ spots, blocks, clock: { now: () => NOW }, ids }, tx));
  t.match(told[0], /150 parking spots/);

  const terms = valenciaSpots.map((spot) => spot.terms);
  t.equal(new Set(valenciaSpots.map(({ id }) => id)).size, 150);
  t.equal(new Set(terms.map(({ location }) => location.coordinates.join())).size, 150, 'no two in one place');
  t.equal(new Set(terms.map(({ type }) => type)).size, 4);
  t.equal(new Set(terms.map(({ pricing }) => pricing.basePricePerHour.amount)).size > 30, true);
  t.equal(new Set(valenciaSpots.map(({ providerId }) => providerId)).size, 4);
  const townHall = at(39.4699, -0.3763).location;
  t.ok(terms.every(({ location }) => distanceBetween(location, townHall) < 6000));

  const near = await search.around({ centre: townHall, radius: 1000, amenities: [] });
  t.ok(near.length > 10 && near.length < 100, `${near.length} are near the town hall`);
  const all = await search.around({ centre: townHall, radius: 50_000, amenities: [] });
  t.equal(all.length, 147, 'three are not listed');
  t.ok(all.some(({ rating }) => rating) && all.some(({ rating }) => !rating));
  t.equal(published.filter(({ message }) => message === 'parkingSpotListed').length, 147);
  const year = { from: NOW.getTime(), to: NOW.getTime() + 30 * 86_400_000 };
  t.ok(
    (
      await calendar.during(
        valenciaSpots.map(({ id }) => id),
        year,
      )
    ).size > 3,
    'some are blocked for a day',
  );
});
