import type { Clock } from '@parkwise/runtime';
import { failPayment } from '../domain/booking.ts';
import type { OnPaymentFailed } from '../generated/messages.ts';
import type { Bookings } from './ports.ts';

/** Frees the window at once. Where no payment is waited for (any more), there is nothing to free. */
export const onPaymentFailed =
  ({ bookings, clock }: { readonly bookings: Bookings; readonly clock: Clock }): OnPaymentFailed =>
  ({ payload }, { commit }) =>
    commit(async (tx) => {
      const booking = await bookings.lock(tx, { id: payload.bookingId.toLowerCase() });
      if (!booking) return;
      const change = failPayment(booking, clock.now());
      if ('refused' in change) return;
      if ((await bookings.save(tx, change)) === 'stale') throw new Error(`Booking ${booking.id} has changed meanwhile`);
    });
