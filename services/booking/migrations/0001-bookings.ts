import { column, table, type Migration } from '@parkwise/runtime';

/** One row per spot that has been asked for: whoever wants to book the spot locks it first, so that they queue up. */
const spots = table('spots', { id: column.uuid() });

const bookings = table('bookings', {
  id: column.uuid(),
  spotId: column.uuid().references('spots'),
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

const history = table('booking_history', {
  bookingId: column.uuid().primaryKey().references('bookings'),
  version: column.integer().primaryKey(),
  status: column.text({ max: 20 }),
  at: column.instant(),
  changedBy: column.text({ max: 20 }),
});

export const up: Migration['up'] = async (knex) => {
  await spots.create(knex);
  await bookings.create(knex, (builder) => {
    builder.index(['spot_id', 'starts_at', 'id'], 'bookings_of_spot');
    builder.index(['driver_id', 'starts_at', 'id'], 'bookings_of_driver');
    builder.index(['status', 'expires_at'], 'bookings_due');
  });
  await history.create(knex);
};
