import type { OnBookingConfirmed } from '../generated/messages.ts';
import { bookingFollower } from './booking-follower.ts';
import type { BookingFollowerNeeds } from './booking-follower.ts';

/** A confirmation keeps the window. */
export const onBookingConfirmed = (needs: BookingFollowerNeeds): OnBookingConfirmed => bookingFollower(needs, 'BOOKED');
