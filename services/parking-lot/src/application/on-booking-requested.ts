import type { OnBookingRequested } from '../generated/messages.ts';
import { bookingFollower } from './booking-follower.ts';
import type { BookingFollowerNeeds } from './booking-follower.ts';

/** A request holds the window until it is paid. */
export const onBookingRequested = (needs: BookingFollowerNeeds): OnBookingRequested => bookingFollower(needs, 'HELD');
