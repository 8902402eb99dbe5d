import t from 'tap';
import { settle } from './settle.ts';

/** Says what is on its way, look by look, the last for ever. */
const looks = (...seen: readonly (readonly number[])[]) => {
  let turn = 0;
  return {
    look: async () => seen[Math.min(turn++, seen.length - 1)] ?? [],
    count: () => turn,
  };
};
const HOUR_MS = 3_600_000;

t.test('ends when nothing is on its way', async (t) => {
  const { look, count } = looks([2, 1], [0, 1], [0, 0], [9, 9]);
  await settle({ look, limitMs: HOUR_MS, quietMs: HOUR_MS });
  t.equal(count(), 3);
});

t.test('ends when nothing has moved for so long', async (t) => {
  const { look, count } = looks([3], [2], [1], [2], [2]);
  const took = await settle({ look, limitMs: HOUR_MS, quietMs: 120 });
  t.ok(took >= 120 + 3 * 50, `it has waited after the last move: ${took} ms`);
  t.ok(count() >= 6);
});

t.test('a group that has never been there moves when it comes', async () => {
  const { look } = looks([Infinity], [Infinity], [1], [0]);
  await settle({ look, limitMs: HOUR_MS, quietMs: 2_000 });
});

t.test('ends at its limit, however much moves', async (t) => {
  let left = 1_000;
  const took = await settle({ look: async () => [(left -= 1)], limitMs: 200, quietMs: HOUR_MS });
  t.ok(took >= 200 && left > 0);
});
