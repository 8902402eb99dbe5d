import type { Clock, Log } from '@parkwise/runtime';
import { confirmBooking } from '../domain/booking.ts';
import type { OnPaymentProcessed } from '../generated/messages.ts';
import type { Bookings } from './ports.ts';

interface Needs {
  readonly bookings: Bookings;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Confirms what has been paid. A payment that the booking has no use for (late, wrong amount or currency, paid already, unknown
 * booking) changes nothing and is logged, to be refunded: trying it again would not make it fit.
 */
export const onPaymentProcessed =
  ({ bookings, clock, log }: Needs): OnPaymentProcessed =>
  async ({ payload }, { commit }) => {
    const { paymentId, amount } = payload;
    const bookingId = payload.bookingId.toLowerCase();
    const unused = await commit(async (tx) => {
      const booking = await bookings.lock(tx, { id: bookingId });
      if (!booking) return 'unknown-booking';
      const change = confirmBooking(booking, { paymentId: paymentId.toLowerCase(), amount }, clock.now());
      if ('refused' in change) return change.refused;
      if ((await bookings.save(tx, change)) === 'stale') throw new Error(`Booking ${bookingId} has changed meanwhile`);
      return undefined;
    });
    if (unused !== undefined && unused !== 'repeated') {
      log.warn({ bookingId, paymentId, reason: unused }, 'A payment confirms nothing and has to be refunded');
    }
  };
