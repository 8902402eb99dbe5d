import type { Clock, Ids } from '@parkwise/runtime';
import { isAccountId } from '../domain/account-id.ts';
import { requestBooking } from '../domain/booking.ts';
import { isBookable } from '../domain/booking-window.ts';
import type { ParkingLot } from '../generated/clients.ts';
import type { CreateBooking } from '../generated/operations.ts';
import { bookingView, entityTag } from './booking-view.ts';
import type { Bookings } from './ports.ts';

interface Needs {
  readonly bookings: Bookings;
  readonly parkingLot: ParkingLot;
  readonly clock: Clock;
  readonly ids: Ids;
  /** How long a booking waits for its payment. */
  readonly holdMs: number;
}

/** Seconds after which asking for a price again is worth it: the client's circuit breaker has then let a call through. */
const RETRY_AFTER = 5;

export const createBooking =
  ({ bookings, parkingLot, clock, ids, holdMs }: Needs): CreateBooking =>
  async ({ body, auth, reply, commit }) => {
    if (!isAccountId(auth.subject)) return reply.noAccount({ detail: NO_ACCOUNT });
    // One spelling of an id, or two drivers who spell it differently would not meet.
    const spotId = body.spotId.toLowerCase();
    const window = { startsAt: new Date(body.startsAt), endsAt: new Date(body.endsAt) };
    if (!isBookable(window, clock.now())) return reply.invalidWindow({ detail: INVALID_WINDOW });

    const quote = await parkingLot.getQuote({
      path: { spotId },
      query: { from: window.startsAt.toISOString(), to: window.endsAt.toISOString() },
    });
    if (quote.status === 404) return reply.spotNotFound({ detail: 'There is no spot with this id.' });
    if (quote.status === 422) return reply.invalidWindow({ detail: INVALID_WINDOW });
    if (quote.status !== 200) return reply.quoteUnavailable({ detail: QUOTE_UNAVAILABLE }, { retryAfter: RETRY_AFTER });

    const { available, unavailableReason, providerId, price, cancellationPolicy } = quote.body;
    if (!available && unavailableReason === 'closed')
      return reply.outsideAvailability({ detail: OUTSIDE_AVAILABILITY });
    // `booked` is what parking-lot has heard from here, some time ago: what is stored here decides.
    if (!available && unavailableReason !== 'booked') return reply.spotTaken({ detail: SPOT_TAKEN });

    return commit(async (tx) => {
      const change = requestBooking({
        id: ids.next(),
        spotId,
        driverId: auth.subject,
        window,
        ...(body.vehiclePlate !== undefined && { vehiclePlate: body.vehiclePlate }),
        quote: { providerId, price, policy: cancellationPolicy },
        holdMs,
        now: clock.now(),
      });
      if ((await bookings.add(tx, change)) === 'overlaps') return reply.spotTaken({ detail: SPOT_TAKEN });
      const { state } = change;
      return reply.created(bookingView(state), { location: `/v1/bookings/${state.id}`, etag: entityTag(state) });
    });
  };

const NO_ACCOUNT = 'The subject of the token is no account. Register first.';
const INVALID_WINDOW = 'A window starts in the future and lasts from 15 minutes to 31 days.';
const OUTSIDE_AVAILABILITY = 'The spot is not open for the whole of this window.';
const SPOT_TAKEN = 'The spot is booked or blocked for at least a part of this window.';
const QUOTE_UNAVAILABLE = 'The price cannot be found out at the moment. Try again with the same key.';
