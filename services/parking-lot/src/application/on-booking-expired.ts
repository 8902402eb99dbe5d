import type { OnBookingExpired } from '../generated/messages.ts';
import { bookingFollower } from './booking-follower.ts';
import type { BookingFollowerNeeds } from './booking-follower.ts';

/** A booking that was not paid frees the window. */
export const onBookingExpired = (needs: BookingFollowerNeeds): OnBookingExpired => bookingFollower(needs, 'FREED');
