import type { OccupiedTimes, Schedule } from '../domain/availability.ts';
import type { Spot } from '../domain/spot.ts';

/** All that decides when the spot can be had. */
export const scheduleOf = (
  spot: Spot,
  { blocks, bookings }: OccupiedTimes = { blocks: [], bookings: [] },
): Schedule => ({
  zone: spot.timeZone,
  opening: spot.openingHours,
  blocks,
  bookings,
});
