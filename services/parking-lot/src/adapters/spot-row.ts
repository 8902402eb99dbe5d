import type { Rating, Spot, SpotSize, SpotStatus, SpotType } from '../domain/spot.ts';
import type { SpotRow } from './tables.ts';

/** A spot as it is stored, but for the place of its last event. */
export function toRow({ rating, ...spot }: Spot): Omit<SpotRow, 'eventSequence'> {
  const [longitude, latitude] = spot.location.coordinates;
  return {
    ...spot,
    place: { longitude, latitude },
    hourlyAmount: spot.pricing.basePricePerHour.amount,
    ...(rating && { ratingSum: Math.round(rating.average * rating.count), ratingCount: rating.count }),
  };
}

export function fromRow(row: SpotRow): Spot {
  const { id, providerId, title, description, location, address, timeZone, amenities, photoUrls } = row;
  const { pricing, openingHours, cancellationPolicy, version, createdAt, updatedAt } = row;
  const rating = ratingFrom(row);
  return {
    id,
    providerId,
    status: row.status as SpotStatus,
    title,
    ...(description !== undefined && { description }),
    type: row.type as SpotType,
    size: row.size as SpotSize,
    location,
    address,
    timeZone,
    amenities,
    photoUrls,
    pricing,
    openingHours,
    cancellationPolicy,
    ...(rating && { rating }),
    version,
    createdAt,
    updatedAt,
  };
}

/** Averages are shown, and sorted by, with two decimals. */
export function ratingFrom({ ratingSum, ratingCount }: Pick<SpotRow, 'ratingSum' | 'ratingCount'>): Rating | undefined {
  if (!ratingSum || !ratingCount) return undefined;
  return { average: Math.round((ratingSum / ratingCount) * 100) / 100, count: ratingCount };
}
