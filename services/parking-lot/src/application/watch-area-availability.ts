import { cellsAround } from '../domain/area.ts';
import { distanceBetween } from '../domain/geography.ts';
import type { Point } from '../domain/geography.ts';
import { rank } from '../domain/search.ts';
import { longestWindowDays, overlaps, windowFault } from '../domain/time-window.ts';
import type { WatchAreaAvailability } from '../generated/channels.ts';
import type { Calendar, SpotSearch } from './ports.ts';
import { watchedSpot } from './watched-spot.ts';

type Needs = { readonly search: SpotSearch; readonly calendar: Calendar };

/** The nearest of them are shown. */
const mostSpots = 2000;

/** The listed spots of an area, and when they are taken within a window. */
export const watchAreaAvailability =
  ({ search, calendar }: Needs): WatchAreaAvailability =>
  async ({ query, reply }) => {
    const { latitude, longitude, radius = 1000 } = query;
    const window = { from: Date.parse(query.from), to: Date.parse(query.to) };
    const fault = windowFault(window, longestWindowDays);
    if (fault) return reply.invalid(fault);
    const centre = { type: 'Point' as const, coordinates: [longitude, latitude] as const };
    const isInside = ({ coordinates: [x = 0, y = 0] }: { readonly coordinates: readonly number[] }): boolean =>
      distanceBetween(centre, { type: 'Point', coordinates: [x, y] } satisfies Point) <= radius;

    return reply.watch({
      rooms: cellsAround(centre, radius),
      async snapshot() {
        const matches = rank(await search.around({ centre, radius, amenities: [] }), { order: 'distance' });
        const ids = matches.slice(0, mostSpots).map(({ spotId }) => spotId);
        const [spots, occupied] = [await search.listed(ids), await calendar.during(ids, window)];
        return {
          spots: ids.flatMap((id) => {
            const spot = spots.get(id);
            return spot ? [watchedSpot(spot, occupied.get(id))] : [];
          }),
        };
      },
      deliver({ message, data }) {
        if (!isInside(data.location)) return 'skip';
        if (message !== 'AreaWindowChanged') return 'send';
        const changed = { from: Date.parse(data.startsAt), to: Date.parse(data.endsAt) };
        return overlaps(changed, window) ? 'send' : 'skip';
      },
    });
  };
