import { isScarce, priceOf } from '../domain/pricing.ts';
import type { Price } from '../domain/pricing.ts';
import type { Spot } from '../domain/spot.ts';
import type { TimeWindow } from '../domain/time-window.ts';
import type { Calendar } from './ports.ts';

/** What the window costs at each of the spots, demand included; undefined where it is more than can be charged. */
export async function pricesDuring(
  calendar: Calendar,
  spots: readonly Spot[],
  window: TimeWindow,
): Promise<readonly (Price | undefined)[]> {
  const scarce = await scarceAmong(calendar, spots, window);
  return spots.map(({ id, pricing, timeZone: zone }) => priceOf(pricing, { zone, window, scarce: scarce.has(id) }));
}

/** Of the spots that ask for more when others nearby are taken, the ids of those that do so now. */
async function scarceAmong(
  calendar: Calendar,
  spots: readonly Spot[],
  window: TimeWindow,
): Promise<ReadonlySet<string>> {
  const demanding = spots.flatMap(({ id, location, pricing: { demand } }) =>
    demand ? [{ id, location, demand }] : [],
  );
  const places = demanding.map(({ location }) => location);
  const around = await calendar.occupancyAround(places, window);
  const scarce = demanding.filter(({ demand }, index) => isScarce(demand, around[index] ?? { spots: 0, taken: 0 }));
  return new Set(scarce.map(({ id }) => id));
}
