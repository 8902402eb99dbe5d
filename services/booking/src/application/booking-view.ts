import type { Booking } from '../domain/booking.ts';

/** A booking as its driver sees it. */
export function bookingView(booking: Booking) {
  const { cancellation, expiresAt, vehiclePlate } = booking;
  return {
    id: booking.id,
    spotId: booking.spotId,
    driverId: booking.driverId,
    providerId: booking.providerId,
    ...windowView(booking),
    ...(vehiclePlate !== undefined && { vehiclePlate }),
    status: booking.status,
    price: booking.price,
    cancellationPolicy: booking.policy,
    ...(cancellation && { cancellation: { ...cancellation, cancelledAt: cancellation.cancelledAt.toISOString() } }),
    ...(expiresAt && { expiresAt: expiresAt.toISOString() }),
    version: booking.version,
    createdAt: booking.createdAt.toISOString(),
    updatedAt: booking.updatedAt.toISOString(),
  };
}

/** A booking as far as it concerns the provider of the spot: not who the driver is. */
export function spotBookingView(booking: Booking) {
  const { id, vehiclePlate, status, price } = booking;
  return { bookingId: id, ...windowView(booking), ...(vehiclePlate !== undefined && { vehiclePlate }), status, price };
}

/** Strong entity tag of this state. */
export const entityTag = ({ version }: Booking): string => `"v${version}"`;

const windowView = ({ window }: Booking) => ({
  startsAt: window.startsAt.toISOString(),
  endsAt: window.endsAt.toISOString(),
});
