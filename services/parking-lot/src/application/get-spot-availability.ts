import { slots } from '../domain/availability.ts';
import { longestWindowDays, windowFault } from '../domain/time-window.ts';
import type { GetSpotAvailability } from '../generated/operations.ts';
import { instantText } from './instant.ts';
import type { Calendar, Spots } from './ports.ts';
import { scheduleOf } from './schedule-of.ts';

type Needs = { readonly spots: Spots; readonly calendar: Calendar };

export const getSpotAvailability =
  ({ spots, calendar }: Needs): GetSpotAvailability =>
  async ({ path, query, auth, reply }) => {
    const window = { from: Date.parse(query.from), to: Date.parse(query.to) };
    const fault = windowFault(window, longestWindowDays);
    if (fault) return reply.invalidWindow({ detail: fault });
    const spot = await spots.visibleTo(auth.subject, path.spotId);
    if (!spot) return reply.spotNotFound();
    const occupied = await calendar.during([spot.id], window);
    return reply.ok({
      spotId: spot.id,
      timeZone: spot.timeZone,
      slots: slots(scheduleOf(spot, occupied.get(spot.id)), window).map(({ from, to, state }) => ({
        from: instantText(from),
        to: instantText(to),
        state,
      })),
    });
  };
