import type { OccupiedTimes } from '../domain/availability.ts';
import type { Spot } from '../domain/spot.ts';
import { takenWindows } from './taken-windows.ts';

/** A spot as those who watch an area see it. */
export const watchedSpot = (spot: Spot, occupied: OccupiedTimes | undefined) => ({
  spotId: spot.id,
  title: spot.title,
  type: spot.type,
  location: { type: 'Point' as const, coordinates: [...spot.location.coordinates] },
  basePricePerHour: spot.pricing.basePricePerHour,
  occupied: takenWindows(occupied),
});
