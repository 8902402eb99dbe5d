import t from 'tap';
import { searchSpots } from '../src/application/search-spots.ts';
import type { SearchSpotsReplies, SearchSpotsRequest } from '../src/generated/operations.ts';
import { aDatabase } from './a-database.ts';
import { anOffer, at } from './a-spot.ts';

t.test('a search among very many spots that are closed gives up for now, and the next page goes on', async (t) => {
  const { spots, search, calendar, write, close } = await aDatabase();
  t.teardown(close);
  const open = anOffer({ ...at(40.42, -3.7026) });
  const closed = { weekly: [{ days: ['SUN' as const], from: '00:00', to: '00:01' }] };
  await write(async (tx) => {
    await spots.add(tx, open);
    for (let count = 0; count < 500; count += 1) await spots.add(tx, anOffer({ openingHours: closed }));
  });
  const window = { from: '2026-03-02T09:00:00Z', to: '2026-03-02T11:00:00Z' };
  const answer = async (cursor?: string) => {
    const query = { latitude: 40.418, longitude: -3.7026, ...window, ...(cursor !== undefined && { cursor }) };
    // Only the body matters here: what makes an answer of it has tests of its own.
    const reply = { ok: (body: unknown) => body } as unknown as SearchSpotsReplies;
    return searchSpots({ search, calendar })({ query, reply } as SearchSpotsRequest) as unknown as Promise<
      Parameters<SearchSpotsReplies['ok']>[0]
    >;
  };
  const first = await answer();
  t.strictSame(first.items, []);
  t.type(first.next, 'string');
  const second = await answer(first.next);
  t.match(second.items, [{ spotId: open.spot.id }]);
  t.equal(second.next, undefined);
});
