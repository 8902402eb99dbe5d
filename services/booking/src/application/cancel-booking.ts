import type { Clock } from '@parkwise/runtime';
import { cancelBooking as cancel } from '../domain/booking.ts';
import type { CancelBooking } from '../generated/operations.ts';
import { bookingView, entityTag } from './booking-view.ts';
import type { Bookings } from './ports.ts';

export const cancelBooking =
  ({ bookings, clock }: { readonly bookings: Bookings; readonly clock: Clock }): CancelBooking =>
  ({ path, body, auth, reply, commit }) =>
    commit(async (tx) => {
      const booking = await bookings.lock(tx, { id: path.bookingId.toLowerCase(), driverId: auth.subject });
      if (!booking) return reply.bookingNotFound({ detail: 'There is no booking with this id for you.' });
      const change = cancel(booking, { reason: body.reason, now: clock.now() });
      if ('refused' in change || (await bookings.save(tx, change)) === 'stale') {
        return reply.bookingNotCancellable({ detail: 'Only a booking that is still to start can be cancelled.' });
      }
      return reply.ok(bookingView(change.state), { etag: entityTag(change.state) });
    });
