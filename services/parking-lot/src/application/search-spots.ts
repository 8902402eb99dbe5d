import { unavailableReason } from '../domain/availability.ts';
import { placeOf, rank } from '../domain/search.ts';
import type { SpotMatch } from '../domain/search.ts';
import { longestWindowDays, windowFault } from '../domain/time-window.ts';
import type { TimeWindow } from '../domain/time-window.ts';
import type { SearchSpots } from '../generated/operations.ts';
import { cursorAfter, placeAt } from './cursor.ts';
import type { Calendar, SpotSearch } from './ports.ts';
import { pricesDuring } from './prices-during.ts';
import { scheduleOf } from './schedule-of.ts';
import { matchAnswer } from './spot-answer.ts';
import type { Offer } from './spot-answer.ts';

type Needs = { readonly search: SpotSearch; readonly calendar: Calendar };

/** How many more matches are looked at first than the page can hold: as many may be taken at no cost. */
const spare = 5;
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
  const last = Math.min(matches.length, mostLookedAt);
  // Each time as many as before, so that few rounds are enough where little can be had.
  for (let from = 0, to = limit + spare; from < last && found.length < limit; [from, to] = [to, 2 * to]) {
    const open = await openAmong({ search, calendar }, matches.slice(from, Math.min(to, last)), window);
    for (let next = 0; next < open.length && found.length < limit;) {
      const wanted = open.slice(next, next + limit - found.length);
      found.push(...(await priced(calendar, wanted, window)));
      next += wanted.length;
    }
  }
  const stoppedAt = found.length === limit ? found.at(-1)?.match : matches[last - 1];
  return { found, ...(stoppedAt && stoppedAt !== matches.at(-1) && { stoppedAt }) };
}

/** Those of the matches that are still listed, and neither closed nor taken during the window if there is one. */
async function openAmong(
  { search, calendar }: Needs,
  matches: readonly SpotMatch[],
  window: TimeWindow | undefined,
): Promise<readonly Offer[]> {
  const ids = matches.map(({ spotId }) => spotId);
  const spots = await search.listed(ids);
  const occupied = window && (await calendar.during(ids, window));
  return matches.flatMap((match) => {
    const spot = spots.get(match.spotId);
    if (!spot || (window && unavailableReason(scheduleOf(spot, occupied?.get(spot.id)), window))) return [];
    return [{ spot, match }];
  });
}

/** With the price of the window, if there is one; without those that would cost more than can be charged. */
async function priced(
  calendar: Calendar,
  offers: readonly Offer[],
  window: TimeWindow | undefined,
): Promise<readonly Offer[]> {
  if (!window) return offers;
  const spots = offers.map(({ spot }) => spot);
  const prices = await pricesDuring(calendar, spots, window);
  return offers.flatMap((offer, index) => {
    const price = prices[index];
    return price ? [{ ...offer, windowPrice: price.total }] : [];
  });
}
