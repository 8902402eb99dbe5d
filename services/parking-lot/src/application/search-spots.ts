import { unavailableReason } from '../domain/availability.ts';
import type { OccupiedTimes } from '../domain/availability.ts';
import { placeOf, rank } from '../domain/search.ts';
import type { SpotMatch } from '../domain/search.ts';
import { longestWindowDays, windowFault } from '../domain/time-window.ts';
import type { TimeWindow } from '../domain/time-window.ts';
import type { SearchSpots } from '../generated/operations.ts';
import { cursorAfter, placeAt } from './cursor.ts';
import type { Calendar, SpotSearch } from './ports.ts';
import { priceDuring } from './price-during.ts';
import { scheduleOf } from './schedule-of.ts';
import { matchAnswer } from './spot-answer.ts';
import type { Offer } from './spot-answer.ts';

type Needs = { readonly search: SpotSearch; readonly calendar: Calendar };

/** How many matches are looked at together, once they are in order. */
const chunkSize = 50;
/** How many are looked at for one page. If most of them cannot be had, a page may be short, and the next one goes on from there. */
const mostLookedAt = 500;

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
    const { found, stoppedAt } = await fill({ search, calendar }, matches, { window, limit });
    return reply.ok({
      items: found.map(matchAnswer),
      ...(stoppedAt && { next: cursorAfter(list, placeOf(stoppedAt, order)) }),
    });
  };

/** Takes the matches in their order, without those that cannot be had for the window, until the page is full. */
async function fill(
  { search, calendar }: Needs,
  matches: readonly SpotMatch[],
  { window, limit }: { readonly window: TimeWindow | undefined; readonly limit: number },
): Promise<{ readonly found: readonly Offer[]; readonly stoppedAt?: SpotMatch }> {
  const found: Offer[] = [];
  for (let start = 0; start < matches.length; start += chunkSize) {
    const chunk = matches.slice(start, start + chunkSize);
    const ids = chunk.map(({ spotId }) => spotId);
    const spots = await search.listed(ids);
    const occupied = window && (await calendar.during(ids, window));
    for (const [index, match] of chunk.entries()) {
      const previous = matches[start + index - 1];
      if (previous && (found.length === limit || start + index === mostLookedAt)) return { found, stoppedAt: previous };
      const spot = spots.get(match.spotId);
      const offer = spot && (await offerOf(calendar, { spot, match, window, occupied: occupied?.get(spot.id) }));
      if (offer) found.push(offer);
    }
  }
  return { found };
}

/** The spot as it can be had, with the price of the window if there is one; undefined if it cannot. */
async function offerOf(
  calendar: Calendar,
  {
    spot,
    match,
    window,
    occupied,
  }: Pick<Offer, 'spot' | 'match'> & {
    readonly window: TimeWindow | undefined;
    readonly occupied: OccupiedTimes | undefined;
  },
): Promise<Offer | undefined> {
  if (!window) return { spot, match };
  if (unavailableReason(scheduleOf(spot, occupied), window)) return undefined;
  const price = await priceDuring(calendar, spot, window);
  return price && { spot, match, windowPrice: price.total };
}
