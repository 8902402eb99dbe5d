import { percentOf, type Money } from './money.ts';

/** What a driver gets back, by how long before the start the booking is given back. */
export interface CancellationPolicy {
  readonly fullRefundHours: number;
  readonly partialRefundHours: number;
  readonly partialRefundPercent: number;
}

const HOUR = 3_600_000;

/** What is refunded of `paid`. To the millisecond: exactly `fullRefundHours` before the start is early enough. */
export function refundOf(
  policy: CancellationPolicy,
  paid: Money,
  when: { readonly startsAt: Date; readonly now: Date },
): Money {
  const left = when.startsAt.getTime() - when.now.getTime();
  if (left >= policy.fullRefundHours * HOUR) return paid;
  if (left >= policy.partialRefundHours * HOUR) return percentOf(paid, policy.partialRefundPercent);
  return { amount: 0, currency: paid.currency };
}
