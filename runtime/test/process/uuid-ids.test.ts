import t from 'tap';
import { uuidIds } from '../../src/process/uuid-ids.ts';

t.test('ids sort as they were made, whatever the clock does, and carry its time', async (t) => {
  let now = Date.parse('2026-03-02T09:00:00Z');
  const ids = uuidIds({ now: () => new Date(now) });
  const made = Array.from({ length: 5000 }, () => ids.next());
  now -= 60_000;
  made.push(ids.next());
  now += 120_000;
  made.push(ids.next());
  t.strictSame(made.toSorted(), made);
  t.equal(new Set(made).size, made.length);
  t.match(made[0], /^019cadc6-9a80-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
