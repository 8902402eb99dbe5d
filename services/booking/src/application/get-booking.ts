import type { GetBooking } from '../generated/operations.ts';
import { bookingView, entityTag } from './booking-view.ts';
import type { BookingReads } from './ports.ts';

export const getBooking =
  ({ reads }: { readonly reads: BookingReads }): GetBooking =>
  async ({ path, auth, reply }) => {
    const booking = await reads.ofDriver(auth.subject, path.bookingId.toLowerCase());
    if (!booking) return reply.bookingNotFound({ detail: 'There is no booking with this id for you.' });
    return reply.ok(bookingView(booking), { etag: entityTag(booking) });
  };
