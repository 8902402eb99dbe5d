import type { Tx } from '@parkwise/runtime';
import type { BookingChange } from '../domain/booking.ts';
import type { Publish } from '../generated/messages.ts';

/** Says to others what has happened to a booking: one message per change, in the order of its versions. */
export function publishChange(publish: Publish, tx: Tx, { state, event }: BookingChange): Promise<void> {
  const about = { key: state.id, sequence: state.version };
  const at = state.updatedAt.toISOString();
  const common = {
    bookingId: state.id,
    spotId: state.spotId,
    driverId: state.driverId,
    providerId: state.providerId,
    startsAt: state.window.startsAt.toISOString(),
    endsAt: state.window.endsAt.toISOString(),
  };
  const { price } = state;
  switch (event.type) {
    case 'requested': {
      const expiresAt = event.expiresAt.toISOString();
      return publish.bookingRequested(tx, { ...common, price, expiresAt, requestedAt: at }, about);
    }
    case 'confirmed':
      return publish.bookingConfirmed(tx, { ...common, price, paymentId: event.paymentId, confirmedAt: at }, about);
    case 'cancelled': {
      const { refund, reason } = event.cancellation;
      return publish.bookingCancelled(
        tx,
        { ...common, refund, ...(reason !== undefined && { reason }), cancelledAt: at },
        about,
      );
    }
    case 'expired':
      return publish.bookingExpired(tx, { ...common, reason: event.reason, expiredAt: at }, about);
  }
}
