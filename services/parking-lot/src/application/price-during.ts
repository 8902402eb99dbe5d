import { isScarce, priceOf } from '../domain/pricing.ts';
import type { Price } from '../domain/pricing.ts';
import type { Spot } from '../domain/spot.ts';
import type { TimeWindow } from '../domain/time-window.ts';
import type { Calendar } from './ports.ts';

/** What the window costs, demand included; undefined if it is more than can be charged. */
export async function priceDuring(calendar: Calendar, spot: Spot, window: TimeWindow): Promise<Price | undefined> {
  const { demand } = spot.pricing;
  const scarce = demand ? isScarce(demand, await calendar.occupancyAround(spot.location, window)) : false;
  return priceOf(spot.pricing, { zone: spot.timeZone, window, scarce });
}
