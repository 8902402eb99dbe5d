import t, { type Test } from 'tap';
import { searchSpots } from '../src/application/search-spots.ts';
import type { SearchSpotsReplies, SearchSpotsRequest } from '../src/generated/operations.ts';
import type { SpotChange } from '../src/domain/spot.ts';
import { aDatabase } from './a-database.ts';
import { anOffer, at } from './a-spot.ts';

const window = { from: '2026-03-02T09:00:00Z', to: '2026-03-02T11:00:00Z' };
const closed = { openingHours: { weekly: [{ days: ['SUN' as const], from: '00:00', to: '00:01' }] } };
const basePricePerHour = { amount: 250, currency: 'EUR' };
const demand = { occupancyPercent: 1, percent: 150 };
/** At so many metres from the place that is searched around. */
const north = (metres: number) => at(40.418 + metres / 111_195, -3.7026);

/** A search with the window among these spots, and how many of them it read, or measured the demand around, at a time. */
async function searchAmong(t: Test, offers: readonly SpotChange[]) {
  const { spots, search, calendar, write, close } = await aDatabase();
  t.teardown(close);
  await write(async (tx) => {
    for (const offer of offers) await spots.add(tx, offer);
  });
  const read: number[] = [];
  const measured: number[] = [];
  const searched = searchSpots({
    search: {
      ...search,
      listed(ids) {
        read.push(ids.length);
        return search.listed(ids);
      },
    },
    calendar: {
      ...calendar,
      occupancyAround(places, during) {
        measured.push(places.length);
        return calendar.occupancyAround(places, during);
      },
    },
  });
  const answer = async (different: Partial<SearchSpotsRequest['query']> = {}) => {
    const query = { latitude: 40.418, longitude: -3.7026, ...window, ...different };
    // Only the body matters here: what makes an answer of it has tests of its own.
    const reply = { ok: (body: unknown) => body } as unknown as SearchSpotsReplies;
    return searched({ query, reply } as SearchSpotsRequest) as unknown as Promise<
      Parameters<SearchSpotsReplies['ok']>[0]
    >;
  };
  return { answer, read, measured };
}

t.test('a search among very many spots that are closed gives up for now, and the next page goes on', async (t) => {
  const open = anOffer(north(222));
  const { answer, read, measured } = await searchAmong(t, [
    open,
    ...Array.from({ length: 500 }, () => anOffer(closed)),
  ]);
  const first = await answer();
  t.strictSame(first.items, []);
  t.type(first.next, 'string');
  t.equal(
    read.reduce((sum, count) => sum + count, 0),
    500,
  );
  t.ok(read.length < 8, `in ${read.length} rounds`);
  t.strictSame(measured, []);
  const second = await answer({ cursor: first.next ?? '' });
  t.match(second.items, [{ spotId: open.spot.id }]);
  t.equal(second.next, undefined);
});

t.test('no more is read than a page is likely to need, nor demand measured around what is not shown', async (t) => {
  // Each third is closed, and each seventh costs more than can be charged.
  const offers = Array.from({ length: 120 }, (_, n) =>
    anOffer({
      ...north(n),
      pricing: {
        basePricePerHour: n % 7 === 2 ? { ...basePricePerHour, amount: 60_000_000 } : basePricePerHour,
        demand,
      },
      ...(n % 3 === 1 && closed),
    }),
  );
  const { answer, read, measured } = await searchAmong(t, offers);
  const expected = offers.filter((_, n) => n % 7 !== 2 && n % 3 !== 1).map(({ spot }) => spot.id);
  for (const limit of [1, 7, 20, 100]) {
    const seen: string[] = [];
    for (let cursor: string | undefined, page = 0; page === 0 || cursor !== undefined; page += 1) {
      [read.length, measured.length] = [0, 0];
      const { items, next } = await answer({ limit, ...(cursor !== undefined && { cursor }) });
      t.ok(Number(read[0]) <= limit + 5 && read.length <= 3, `${limit}: ${read.join()} read`);
      const around = measured.reduce((sum, count) => sum + count, 0);
      t.ok(
        around <= items.length * 1.3 + 2 && measured.every((count) => count <= limit),
        `${measured.join()} measured`,
      );
      t.ok(items.length === limit || next === undefined, 'only the last page is not full');
      seen.push(...items.map(({ spotId }) => spotId));
      cursor = next;
    }
    t.strictSame(seen, expected);
  }
});
