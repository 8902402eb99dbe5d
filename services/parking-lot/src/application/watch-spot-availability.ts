import { closedDuring } from '../domain/opening-hours.ts';
import { longestWindowDays, overlaps, windowFault } from '../domain/time-window.ts';
import type { WatchSpotAvailability } from '../generated/channels.ts';
import type { Calendar, Spots } from './ports.ts';
import { takenWindows, windowAnswer } from './taken-windows.ts';

type Needs = { readonly spots: Spots; readonly calendar: Calendar };

/** When a spot is closed or taken within a window; for whoever can see the spot. */
export const watchSpotAvailability =
  ({ spots, calendar }: Needs): WatchSpotAvailability =>
  async ({ parameters: { spotId }, query, auth, reply }) => {
    const window = { from: Date.parse(query.from), to: Date.parse(query.to) };
    const fault = windowFault(window, longestWindowDays);
    if (fault) return reply.invalid(fault);
    if (!(await spots.visibleTo(auth.subject, spotId))) return reply.notFound();

    return reply.watch({
      rooms: spotId,
      async snapshot() {
        // It may have been taken off the list since.
        const spot = await spots.visibleTo(auth.subject, spotId);
        if (!spot) return undefined;
        const occupied = await calendar.during([spotId], window);
        return {
          spotId,
          timeZone: spot.timeZone,
          closed: closedDuring(spot.openingHours, spot.timeZone, window).map(windowAnswer),
          occupied: takenWindows(occupied.get(spotId)),
        };
      },
      deliver(change) {
        if (change.message === 'SpotTermsChanged') return 'snapshot';
        const { startsAt, endsAt } = change.data;
        return overlaps({ from: Date.parse(startsAt), to: Date.parse(endsAt) }, window) ? 'send' : 'skip';
      },
    });
  };
