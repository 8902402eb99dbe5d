import t from 'tap';
import { bookingStatuses, holdsItsWindow, mayBecome } from '../src/domain/booking-status.ts';
import {
  cancelBooking,
  confirmBooking,
  expireBooking,
  failPayment,
  requestBooking,
  type Booking,
} from '../src/domain/booking.ts';
import { HOLD_MS, HOUR, NOW, aBooking, aRequest, changed, later } from './a-booking.ts';

const price = { amount: 600, currency: 'EUR' };
const payment = { paymentId: '018f4a11-6d7e-7f90-ab1c-4d5e6f7a8b01', amount: price };
const confirmed = (): Booking => changed(confirmBooking(aBooking(), payment, later(HOUR / 60))).state;
const withStatus = (status: Booking['status']): Booking => ({ ...confirmed(), status });

t.test('a request holds its window for as long as it was told', async (t) => {
  const { state, event, by } = requestBooking(aRequest());
  t.match(state, { status: 'PENDING_PAYMENT', version: 1, price, createdAt: NOW, updatedAt: NOW });
  t.same(state.expiresAt, later(HOLD_MS));
  t.same(event, { type: 'requested', expiresAt: later(HOLD_MS) });
  t.equal(by, 'driver');
});

t.test('which status may follow which', async (t) => {
  const pairs = bookingStatuses.flatMap((from) =>
    bookingStatuses.filter((to) => mayBecome(from, to)).map((to) => `${from} → ${to}`),
  );
  t.same(pairs, [
    'PENDING_PAYMENT → CONFIRMED',
    'PENDING_PAYMENT → CANCELLED',
    'PENDING_PAYMENT → EXPIRED',
    'CONFIRMED → ACTIVE',
    'CONFIRMED → CANCELLED',
    'ACTIVE → COMPLETED',
  ]);
  t.same(bookingStatuses.filter(holdsItsWindow), ['PENDING_PAYMENT', 'CONFIRMED', 'ACTIVE']);
});

t.test('a payment confirms: nothing is waited for any more', async (t) => {
  const change = changed(confirmBooking(aBooking(), payment, later(HOLD_MS - 1)));
  t.match(change, { state: { status: 'CONFIRMED', version: 2, paymentId: payment.paymentId }, by: 'payment' });
  t.notOk('expiresAt' in change.state);
  t.same(change.state.updatedAt, later(HOLD_MS - 1));
  t.same(change.event, { type: 'confirmed', paymentId: payment.paymentId });
});

t.test('a payment that does not fit confirms nothing', async (t) => {
  const refused = (booking: Booking, different = {}, now = NOW) =>
    confirmBooking(booking, { ...payment, ...different }, now);
  t.same(refused(aBooking(), { amount: { amount: 599, currency: 'EUR' } }), { refused: 'wrong-amount' });
  t.same(refused(aBooking(), { amount: { amount: 601, currency: 'EUR' } }), { refused: 'wrong-amount' });
  t.same(refused(aBooking(), { amount: { amount: 600, currency: 'USD' } }), { refused: 'wrong-amount' });
  t.same(refused(aBooking(), {}, later(HOLD_MS)), { refused: 'too-late' }, 'the moment of expiry is too late');
  t.same(refused(confirmed()), { refused: 'repeated' });
  t.same(refused(confirmed(), { paymentId: '018f4a11-6d7e-7f90-ab1c-4d5e6f7a8b02' }), { refused: 'already-paid' });
  const expired = changed(expireBooking(aBooking(), later(HOLD_MS))).state;
  t.same(refused(expired), { refused: 'not-waiting' });
  t.same(refused(changed(cancelBooking(aBooking(), { now: NOW })).state), { refused: 'not-waiting' });
});

t.test('a failed payment expires what waits for it, and nothing else', async (t) => {
  t.match(changed(failPayment(aBooking(), NOW)), {
    state: { status: 'EXPIRED', version: 2 },
    event: { type: 'expired', reason: 'paymentFailed' },
    by: 'payment',
  });
  for (const status of bookingStatuses.filter((one) => one !== 'PENDING_PAYMENT')) {
    t.same(failPayment(withStatus(status), NOW), { refused: 'not-waiting' }, status);
  }
});

t.test('a hold expires when its time has come, not before', async (t) => {
  t.same(expireBooking(aBooking(), later(HOLD_MS - 1)), { refused: 'not-due' });
  t.match(changed(expireBooking(aBooking(), later(HOLD_MS))), {
    state: { status: 'EXPIRED', version: 2 },
    event: { type: 'expired', reason: 'paymentTimeout' },
    by: 'clock',
  });
  t.same(expireBooking(confirmed(), later(365 * 24 * HOUR)), { refused: 'not-due' });
});

t.test('a cancellation refunds what the policy says of what was paid', async (t) => {
  const { startsAt } = aBooking().window;
  const refund = (booking: Booking, now: Date) =>
    changed(cancelBooking(booking, { now })).state.cancellation?.refund.amount;
  t.equal(refund(aBooking(), NOW), 0, 'nothing was paid');
  t.equal(refund(confirmed(), later(-24 * HOUR, startsAt)), 600);
  t.equal(refund(confirmed(), later(-2 * HOUR, startsAt)), 300);
  t.equal(refund(confirmed(), later(-1, startsAt)), 0);
  t.match(changed(cancelBooking(confirmed(), { reason: 'rain', now: NOW })), {
    state: { status: 'CANCELLED', version: 3, cancellation: { reason: 'rain', cancelledAt: NOW } },
    event: { type: 'cancelled' },
    by: 'driver',
  });
});

t.test('what has started, ended or expired cannot be cancelled', async (t) => {
  const refused = { refused: 'not-cancellable' };
  t.same(cancelBooking(confirmed(), { now: confirmed().window.startsAt }), refused);
  t.same(cancelBooking(aBooking(), { now: later(HOLD_MS) }), refused, 'the hold is over');
  for (const status of ['ACTIVE', 'COMPLETED', 'CANCELLED', 'EXPIRED'] as const) {
    t.same(cancelBooking(withStatus(status), { now: NOW }), refused, status);
  }
});
