import type { Clock, MessageContext, Received } from '@parkwise/runtime';
import { followBooking } from '../domain/busy-period.ts';
import type { BusyState } from '../domain/busy-period.ts';
import type { BusyPeriods, Spots } from './ports.ts';

export type BookingFollowerNeeds = {
  readonly spots: Spots;
  readonly busyPeriods: BusyPeriods;
  readonly clock: Clock;
};

/** What each event of a booking tells. */
interface BookedWindow {
  readonly bookingId: string;
  readonly spotId: string;
  readonly startsAt: string;
  readonly endsAt: string;
}

/**
 * Every event of a booking carries the whole window, so that each can be followed without those before it. A spot that is not
 * known here, or is gone, has nobody to be told; what its booking does is kept all the same.
 */
export const bookingFollower =
  ({ spots, busyPeriods, clock }: BookingFollowerNeeds, state: BusyState) =>
  async ({ payload, sequence }: Received<BookedWindow>, { commit }: MessageContext): Promise<void> => {
    const { bookingId, spotId, startsAt, endsAt } = payload;
    if (sequence === undefined) throw new Error('The events of a booking have a sequence, and this one has none');
    const window = { from: Date.parse(startsAt), to: Date.parse(endsAt) };
    await commit(async (tx) => {
      const spot = await spots.lock(tx, spotId);
      const known = await busyPeriods.ofBooking(tx, bookingId);
      const change = followBooking(known, { bookingId, spotId, window, state, sequence }, clock.now());
      if (!change) return;
      await busyPeriods.save(tx, change.period, clock.now());
      if (spot) await spots.tell(tx, spot, change.events);
    });
  };
