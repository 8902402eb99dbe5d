import t from 'tap';
import { isBookable, overlaps, type BookingWindow } from '../src/domain/booking-window.ts';
import { NOW, later } from './a-booking.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const window = (fromMs: number, toMs: number): BookingWindow => ({ startsAt: later(fromMs), endsAt: later(toMs) });

t.test('a window starts in the future and lasts from 15 minutes to 31 days, to the millisecond', async (t) => {
  t.ok(isBookable(window(1, 1 + 15 * MINUTE), NOW));
  t.ok(isBookable(window(1, 1 + 31 * DAY), NOW));
  t.notOk(isBookable(window(0, 15 * MINUTE), NOW), 'starts now');
  t.notOk(isBookable(window(-1, 15 * MINUTE), NOW), 'has started');
  t.notOk(isBookable(window(1, 15 * MINUTE), NOW), 'too short');
  t.notOk(isBookable(window(1, 2 + 31 * DAY), NOW), 'too long');
  t.notOk(isBookable(window(2 * MINUTE, MINUTE), NOW), 'ends before it starts');
});

t.test('a moment that does not exist cannot be booked', async (t) => {
  const never = new Date('2037-12-31T23:59:60Z');
  t.notOk(isBookable({ startsAt: never, endsAt: later(DAY) }, NOW));
  t.notOk(isBookable({ startsAt: later(DAY), endsAt: never }, NOW));
});

t.test('windows that touch do not overlap', async (t) => {
  t.notOk(overlaps(window(0, 10), window(10, 20)));
  t.notOk(overlaps(window(10, 20), window(0, 10)));
  t.ok(overlaps(window(0, 11), window(10, 20)));
});

t.test('windows overlap exactly if some moment is in both, whichever comes first', async (t) => {
  const moments = Array.from({ length: 7 }, (_, index) => index);
  const all = moments.flatMap((from) => moments.filter((to) => to > from).map((to) => ({ from, to })));
  const within = ({ from, to }: { from: number; to: number }, moment: number): boolean => from <= moment && moment < to;
  let wrong = 0;
  for (const one of all) {
    for (const other of all) {
      const shared = moments.some((moment) => within(one, moment) && within(other, moment));
      if (overlaps(window(one.from, one.to), window(other.from, other.to)) !== shared) wrong += 1;
    }
  }
  t.equal(all.length, 21);
  t.equal(wrong, 0);
});
