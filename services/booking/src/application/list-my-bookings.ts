import type { ListMyBookings } from '../generated/operations.ts';
import { bookingView } from './booking-view.ts';
import { readCursor, writeCursor } from './cursor.ts';
import type { BookingReads } from './ports.ts';

export const listMyBookings =
  ({ reads }: { readonly reads: BookingReads }): ListMyBookings =>
  async ({ query, auth, reply }) => {
    const after = query.cursor === undefined ? undefined : readCursor(query.cursor);
    if (query.cursor !== undefined && !after) return reply.invalidCursor({ detail: 'Start again without a cursor.' });
    const { items, next } = await reads.listOfDriver(auth.subject, {
      status: query.status,
      after,
      limit: query.limit,
    });
    return reply.ok({ items: items.map(bookingView), ...(next && { next: writeCursor(next) }) });
  };
