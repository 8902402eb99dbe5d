import t from 'tap';
import { followBooking } from '../src/domain/busy-period.ts';
import type { BusyPeriod, BusyState } from '../src/domain/busy-period.ts';

const now = new Date('2026-03-01T10:00:00Z');
const nine = Date.parse('2026-03-02T09:00:00Z');
const told = (state: BusyState, sequence: number, window = { from: nine, to: nine + 7_200_000 }): BusyPeriod => ({
  bookingId: 'booking-1',
  spotId: 'spot-1',
  window,
  state,
  sequence,
});
const says = (known: BusyPeriod | undefined, next: BusyPeriod) =>
  followBooking(known, next, now)?.events.map((event) => event.kind === 'occupation-changed' && event.to);

t.test('a request takes the window, a confirmation keeps it, a cancellation frees it', async (t) => {
  t.strictSame(says(undefined, told('HELD', 1)), ['RESERVED']);
  t.strictSame(says(told('HELD', 1), told('BOOKED', 2)), [], 'nothing changes for others');
  t.strictSame(says(told('BOOKED', 2), told('FREED', 3)), ['AVAILABLE']);
  t.strictSame(says(told('FREED', 3), told('BOOKED', 4)), ['RESERVED'], 'or takes it again');
});

t.test('what is told twice, or too late, changes nothing', async (t) => {
  t.equal(followBooking(told('HELD', 1), told('HELD', 1), now), undefined);
  t.equal(followBooking(told('FREED', 3), told('BOOKED', 2), now), undefined);
  t.equal(followBooking(told('FREED', 2), told('HELD', 1), now), undefined, 'a freed window is not taken again');
});

t.test('the end of a booking that nothing was known of takes nothing and frees nothing', async (t) => {
  t.strictSame(says(undefined, told('FREED', 2)), []);
  t.equal(followBooking(undefined, told('FREED', 2), now)?.period.state, 'FREED', 'but is remembered');
});

t.test('a confirmation without a request takes the window', async (t) => {
  t.strictSame(says(undefined, told('BOOKED', 2)), ['RESERVED']);
});

t.test('a booking that moves frees one window and takes another', async (t) => {
  t.strictSame(says(told('BOOKED', 2), told('BOOKED', 3, { from: nine, to: nine + 3_600_000 })), [
    'AVAILABLE',
    'RESERVED',
  ]);
});
