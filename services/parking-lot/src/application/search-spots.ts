import { unavailableReason } from '../domain/availability.ts';
import { placeOf, rank } from '../domain/search.ts';
import type { SpotMatch } from '../domain/search.ts';
import type { Spot } from '../domain/spot.ts';
import { longestWindowDays, windowFault } from '../domain/time-window.ts';
import type { TimeWindow } from '../domain/time-window.ts';
import type { SearchSpots } from '../generated/operations.ts';
import { cursorAfter, placeAt } from './cursor.ts';
import type { Calendar, SpotSearch } from './ports.ts';
import { priceDuring } from './price-during.ts';
import { scheduleOf } from './schedule-of.ts';
import { matchAnswer } from './spot-answer.ts';

type Needs = { readonly search: SpotSearch; readonly calendar: Calendar };

/** How many matches are looked at together, once they are in order. */
const chunkSize = 50;

export const searchSpots =
  ({ search, calendar }: Needs): SearchSpots =>
  async ({ query, reply }) => {
    const { latitude, longitude, from, to, type, amenities = [], maxPrice, limit = 20 } = query;
    const { radius = 1000, sort: order = 'distance' } = query;
    if ((from === undefined) !== (to === undefined)) {
      return reply.invalidWindow({ detail: 'A window has a start and an end: give both, or neither.' });
    }
    const window = from && to ? { from: Date.parse(from), to: Date.parse(to) } : undefined;
    const fault = window && windowFault(window, longestWindowDays);
    if (fault) return reply.invalidWindow({ detail: fault });

    const list = ['spots', latitude, longitude, radius, window, type, amenities.toSorted(), maxPrice, order];
    const after = placeAt(list, query.cursor);
    if (after === 'invalid') return reply.invalidCursor();

    const centre = { type: 'Point' as const, coordinates: [longitude, latitude] as const };
    const matches = rank(await search.around({ centre, radius, type, amenities, maxPrice }), { order, after });
    const found = [];
    for await (const one of offers({ search, calendar }, matches, window)) {
      found.push(one);
      if (found.length > limit) break;
    }
    const last = found.length > limit ? found[limit - 1] : undefined;
    return reply.ok({
      items: found.slice(0, limit).map(matchAnswer),
      ...(last && { next: cursorAfter(list, placeOf(last.match, order)) }),
    });
  };

/** The matches in their order, without those that cannot be had for the window; lazily, since a page is filled by the first. */
async function* offers({ search, calendar }: Needs, matches: readonly SpotMatch[], window: TimeWindow | undefined) {
  for (let start = 0; start < matches.length; start += chunkSize) {
    const chunk = matches.slice(start, start + chunkSize);
    const ids = chunk.map(({ spotId }) => spotId);
    const spots = await search.listed(ids);
    const occupied = window && (await calendar.during(ids, window));
    for (const match of chunk) {
      const spot: Spot | undefined = spots.get(match.spotId);
      if (!spot) continue;
      if (!window) yield { spot, match };
      else if (!unavailableReason(scheduleOf(spot, occupied?.get(spot.id)), window)) {
        const price = await priceDuring(calendar, spot, window);
        if (price) yield { spot, match, windowPrice: price.total };
      }
    }
  }
}
