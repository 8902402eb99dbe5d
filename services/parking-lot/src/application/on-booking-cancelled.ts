import type { OnBookingCancelled } from '../generated/messages.ts';
import { bookingFollower } from './booking-follower.ts';
import type { BookingFollowerNeeds } from './booking-follower.ts';

/** A cancellation frees the window. */
export const onBookingCancelled = (needs: BookingFollowerNeeds): OnBookingCancelled => bookingFollower(needs, 'FREED');
