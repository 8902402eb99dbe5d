import type { Sql } from '@parkwise/runtime';
import type { Booking } from '../domain/booking.ts';
import { holdingStatuses } from '../domain/booking-status.ts';
import { LONGEST_WINDOW_MS, type BookingWindow } from '../domain/booking-window.ts';
import { bookings, toBooking } from './booking-tables.ts';

/** The bookings that keep others out of at least a part of the window of a spot: `overlaps` of the domain, said in SQL. */
export async function windowHolders(sql: Sql, spotId: string, window: BookingWindow): Promise<readonly Booking[]> {
  const { columns } = bookings;
  const bounds = bookings.encode(sql, window);
  // No booking lasts longer: with this the index leads to the few around the window, however many there have been.
  const earliest = bookings.encode(sql, { startsAt: new Date(window.startsAt.getTime() - LONGEST_WINDOW_MS) });
  const rows = await bookings.find(sql, (query) => {
    void query
      .where(columns.spotId, spotId)
      .whereIn(columns.status, [...holdingStatuses])
      .where(columns.startsAt, '>', earliest[columns.startsAt] as number)
      .where(columns.startsAt, '<', bounds[columns.endsAt] as number)
      .where(columns.endsAt, '>', bounds[columns.startsAt] as number);
  });
  return rows.map(toBooking);
}
