import { column, table, type RowOf } from '@parkwise/runtime';
import type { Booking } from '../domain/booking.ts';
import type { BookingStatus } from '../domain/booking-status.ts';

/** One row per spot that has ever been asked for. It says nothing: it is there to be locked. */
export const spots = table('spots', { id: column.uuid() });

export const bookings = table('bookings', {
  id: column.uuid(),
  spotId: column.uuid(),
  driverId: column.uuid(),
  providerId: column.uuid(),
  startsAt: column.instant(),
  endsAt: column.instant(),
  vehiclePlate: column.text({ max: 15 }).optional(),
  status: column.text({ max: 20 }),
  priceAmount: column.money(),
  currency: column.text({ max: 3 }),
  fullRefundHours: column.integer(),
  partialRefundHours: column.integer(),
  partialRefundPercent: column.integer(),
  expiresAt: column.instant().optional(),
  paymentId: column.uuid().optional(),
  cancelledAt: column.instant().optional(),
  cancellationReason: column.text({ max: 500 }).optional(),
  refundAmount: column.money().optional(),
  version: column.integer(),
  createdAt: column.instant(),
  updatedAt: column.instant(),
});

/** Each status that a booking has had, by the version that it came with. */
export const history = table('booking_history', {
  bookingId: column.uuid().primaryKey(),
  version: column.integer().primaryKey(),
  status: column.text({ max: 20 }),
  at: column.instant(),
  changedBy: column.text({ max: 20 }),
});

type BookingRow = RowOf<typeof bookings>;

export function toBooking(row: BookingRow): Booking {
  const { currency, expiresAt, paymentId, vehiclePlate, cancelledAt, cancellationReason } = row;
  return {
    id: row.id,
    spotId: row.spotId,
    driverId: row.driverId,
    providerId: row.providerId,
    window: { startsAt: row.startsAt, endsAt: row.endsAt },
    ...(vehiclePlate !== undefined && { vehiclePlate }),
    status: row.status as BookingStatus,
    price: { amount: row.priceAmount, currency },
    policy: {
      fullRefundHours: row.fullRefundHours,
      partialRefundHours: row.partialRefundHours,
      partialRefundPercent: row.partialRefundPercent,
    },
    ...(expiresAt && { expiresAt }),
    ...(paymentId !== undefined && { paymentId }),
    ...(cancelledAt && {
      cancellation: {
        cancelledAt,
        ...(cancellationReason !== undefined && { reason: cancellationReason }),
        refund: { amount: row.refundAmount ?? 0, currency },
      },
    }),
    version: row.version,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}

/** The columns of a booking that never change, with those that do. */
export const toRow = (booking: Booking) => ({
  id: booking.id,
  spotId: booking.spotId,
  driverId: booking.driverId,
  providerId: booking.providerId,
  ...booking.window,
  vehiclePlate: booking.vehiclePlate ?? null,
  priceAmount: booking.price.amount,
  currency: booking.price.currency,
  ...booking.policy,
  createdAt: booking.createdAt,
  version: booking.version,
  ...toPatch(booking),
});

/** The columns that a change may touch, except the version. */
export const toPatch = ({ status, expiresAt, paymentId, cancellation, updatedAt }: Booking) => ({
  status,
  expiresAt: expiresAt ?? null,
  paymentId: paymentId ?? null,
  cancelledAt: cancellation?.cancelledAt ?? null,
  cancellationReason: cancellation?.reason ?? null,
  refundAmount: cancellation?.refund.amount ?? null,
  updatedAt,
});
