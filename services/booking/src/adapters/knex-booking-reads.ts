import type { Sql } from '@parkwise/runtime';
import type { BookingReads, HistoryEntry, Page, PageRequest } from '../application/ports.ts';
import type { BookingStatus } from '../domain/booking-status.ts';
import { bookings, history, toBooking } from './booking-tables.ts';

/** Reads go to SQL directly, outside any transaction. */
export function knexBookingReads(sql: Sql): BookingReads {
  const ofDriver: BookingReads['ofDriver'] = async (driverId, id) => {
    const row = await bookings.first(sql, { id, driverId });
    return row && toBooking(row);
  };

  return {
    ofDriver,
    async historyOfDriver(driverId, bookingId) {
      if (!(await ofDriver(driverId, bookingId))) return undefined;
      const rows = await history.find(sql, { bookingId }, { orderBy: 'version' });
      return rows.map(({ status, at, changedBy }) => ({
        status: status as BookingStatus,
        at,
        by: changedBy as HistoryEntry['by'],
      }));
    },
    listOfDriver: (driverId, request) => page(sql, { driverId }, request),
    async listOfSpot(providerId, spotId, request) {
      if (!(await bookings.first(sql, { spotId, providerId }))) return undefined;
      return page(sql, { spotId, providerId }, request);
    },
  };
}

type Owner = { readonly driverId: string } | { readonly spotId: string; readonly providerId: string };

/** One row more than asked for tells whether there is a next page. */
async function page(sql: Sql, owner: Owner, { status, after, limit }: PageRequest): Promise<Page> {
  const { columns } = bookings;
  const rows = await bookings.find(
    sql,
    (query) => {
      void query.where(bookings.encode(sql, owner));
      if (status !== undefined) void query.where(columns.status, status);
      if (!after) return;
      const start = bookings.encode(sql, { startsAt: after.startsAt })[columns.startsAt] as number;
      // Said in two parts, so that the index finds the place.
      void query.where(columns.startsAt, '<=', start);
      void query.where((behind) => behind.where(columns.startsAt, '<', start).orWhere(columns.id, '<', after.id));
    },
    { orderBy: { startsAt: 'desc', id: 'desc' }, limit: limit + 1 },
  );
  const items = rows.slice(0, limit).map(toBooking);
  const last = items.at(-1);
  if (rows.length <= limit || !last) return { items };
  return { items, next: { startsAt: last.window.startsAt, id: last.id } };
}
