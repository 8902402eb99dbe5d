import t from 'tap';
import { refundOf, type CancellationPolicy } from '../src/domain/cancellation-policy.ts';
import { percentOf } from '../src/domain/money.ts';
import { HOUR, NOW, later } from './a-booking.ts';

const eur = (amount: number) => ({ amount, currency: 'EUR' });
const policy: CancellationPolicy = { fullRefundHours: 24, partialRefundHours: 2, partialRefundPercent: 50 };
const refund = (leftMs: number, paid = eur(601), of = policy) =>
  refundOf(of, paid, { startsAt: later(leftMs), now: NOW });

t.test('early: everything; later: a part; too late: nothing', async (t) => {
  t.same(refund(25 * HOUR), eur(601));
  t.same(refund(24 * HOUR), eur(601), 'exactly 24 hours before is early');
  t.same(refund(24 * HOUR - 1), eur(301), 'a millisecond later is not');
  t.same(refund(2 * HOUR), eur(301), 'exactly 2 hours before still gives a part');
  t.same(refund(2 * HOUR - 1), eur(0));
  t.same(refund(0), eur(0));
});

t.test('a policy of zero hours is generous until the start', async (t) => {
  const generous = { fullRefundHours: 0, partialRefundHours: 0, partialRefundPercent: 0 };
  t.same(refund(0, eur(250), generous), eur(250));
});

t.test('parts are rounded half up, exactly', async (t) => {
  t.same(percentOf(eur(5), 50), eur(3), '2.5');
  t.same(percentOf(eur(3), 33), eur(1), '0.99');
  t.same(percentOf(eur(1), 49), eur(0), '0.49');
  t.same(percentOf(eur(99_999_999), 99), eur(98_999_999), '98999999.01');
  t.same(percentOf(eur(99_999_999), 100), eur(99_999_999));
  t.same(percentOf(eur(0), 100), eur(0));
});

t.test('a part is never more than the whole, nor off by a minor unit', async (t) => {
  let wrong = 0;
  for (let amount = 0; amount <= 2_000; amount += 7) {
    for (let percent = 0; percent <= 100; percent += 1) {
      const part = percentOf(eur(amount), percent).amount;
      // Rounded half up, in integers of arbitrary size.
      const exact = Number((2n * BigInt(amount) * BigInt(percent) + 100n) / 200n);
      if (part !== exact || part > amount || !Number.isSafeInteger(part)) wrong += 1;
    }
  }
  t.equal(wrong, 0);
});
