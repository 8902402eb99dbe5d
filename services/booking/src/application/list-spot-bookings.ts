import type { ListSpotBookings } from '../generated/operations.ts';
import { spotBookingView } from './booking-view.ts';
import { readCursor, writeCursor } from './cursor.ts';
import type { BookingReads } from './ports.ts';

export const listSpotBookings =
  ({ reads }: { readonly reads: BookingReads }): ListSpotBookings =>
  async ({ path, query, auth, reply }) => {
    const spotId = path.spotId.toLowerCase();
    const providerId = auth.subject;
    const after = query.cursor === undefined ? undefined : readCursor(query.cursor);
    if (query.cursor !== undefined && !after) return reply.invalidCursor({ detail: 'Start again without a cursor.' });
    const page = await reads.listOfSpot(providerId, spotId, { status: query.status, after, limit: query.limit });
    if (!page) return reply.spotNotFound({ detail: 'None of your spots that have been booked has this id.' });
    const { items, next } = page;
    return reply.ok({
      spotId,
      providerId,
      items: items.map(spotBookingView),
      ...(next && { next: writeCursor(next) }),
    });
  };
