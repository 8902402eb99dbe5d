import type { GetBookingHistory } from '../generated/operations.ts';
import type { BookingReads } from './ports.ts';

export const getBookingHistory =
  ({ reads }: { readonly reads: BookingReads }): GetBookingHistory =>
  async ({ path, auth, reply }) => {
    const bookingId = path.bookingId.toLowerCase();
    const history = await reads.historyOfDriver(auth.subject, bookingId);
    if (!history) return reply.bookingNotFound({ detail: 'There is no booking with this id for you.' });
    const entries = history.map(({ status, at, by }) => ({ status, at: at.toISOString(), by }));
    return reply.ok({ bookingId, driverId: auth.subject, entries });
  };
