import type { Clock, Tx } from '@parkwise/runtime';
import { expireBooking } from '../domain/booking.ts';
import type { Bookings } from './ports.ts';

interface Needs {
  readonly bookings: Bookings;
  readonly clock: Clock;
  readonly transaction: <R>(work: (tx: Tx) => Promise<R>) => Promise<R>;
}

/** Bookings read at a time. */
const BATCH = 100;

/**
 * Expires every booking whose hold is over, each in a transaction of its own. What is due stands in the database alone, so it does
 * not matter who was down when; saving claims a booking by its version, so that of two processes one expires it.
 *
 * @throws AggregateError when some could not be expired; the others have been.
 */
export const expireDueBookings =
  ({ bookings, clock, transaction }: Needs) =>
  async (signal: AbortSignal): Promise<void> => {
    const failures: unknown[] = [];
    let more = true;
    while (more && failures.length === 0) {
      const now = clock.now();
      const due = await bookings.due(now, BATCH);
      more = due.length === BATCH;
      for (const booking of due) {
        if (signal.aborted) return;
        const change = expireBooking(booking, now);
        if ('refused' in change) continue;
        await transaction((tx) => bookings.save(tx, change)).catch((error: unknown) => failures.push(error));
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, `${failures.length} bookings could not be expired`);
  };
