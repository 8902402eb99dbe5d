import t from 'tap';
import { cursorAfter, placeAt } from '../src/application/cursor.ts';
import { placeOf, rank } from '../src/domain/search.ts';
import type { SearchOrder, SpotMatch } from '../src/domain/search.ts';

const match = (spotId: string, distance: number, hourlyAmount: number, average?: number): SpotMatch => ({
  spotId,
  distance,
  hourlyAmount,
  ...(average !== undefined && { rating: { average, count: 3 } }),
});
const matches = [
  match('e', 100.25, 300, 4.5),
  match('d', 100.25, 200, 4.5),
  match('c', 30, 300),
  match('b', 400, 200, 3.9),
  match('a', 500, 200),
];
const inOrder = (order: SearchOrder) => rank(matches, { order }).map(({ spotId }) => spotId);

t.test('the nearest, the cheapest or the best rated come first, and ids decide between equals', async (t) => {
  t.strictSame(inOrder('distance'), ['c', 'd', 'e', 'b', 'a']);
  t.strictSame(inOrder('price'), ['a', 'b', 'd', 'c', 'e']);
  t.strictSame(inOrder('rating'), ['d', 'e', 'b', 'a', 'c'], 'what nobody has rated comes last');
});

t.test('a list can be gone on with after each of its places, whatever has been added before it', async (t) => {
  for (const order of ['distance', 'price', 'rating'] as const) {
    const whole = rank(matches, { order });
    for (const [index, one] of whole.entries()) {
      const place = placeOf(one, order);
      const list = ['spots', order];
      const after = placeAt(list, cursorAfter(list, place));
      if (after === 'invalid') throw new Error('The cursor is not understood');
      t.strictSame(rank([match('0', 0, 0, 5), ...matches], { order, after }), whole.slice(index + 1));
    }
  }
});

t.test('a cursor that was not made for this list is invalid', async (t) => {
  const cursor = cursorAfter(['spots', 1], { key: 1, id: 'a' });
  t.strictSame(placeAt(['spots', 1], cursor), { key: 1, id: 'a' });
  t.equal(placeAt(['spots', 1], undefined), undefined);
  t.equal(placeAt(['spots', 2], cursor), 'invalid');
  for (const made of ['made-up', 'e30', 'bnVsbA', 'W10', Buffer.from('["1","a","x"]').toString('base64url')]) {
    t.equal(placeAt(['spots', 1], made), 'invalid');
  }
});
