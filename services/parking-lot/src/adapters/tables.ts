import { column, table } from '@parkwise/runtime';
import type { RowOf } from '@parkwise/runtime';
import type { Point } from '../domain/geography.ts';
import type { OpeningHours } from '../domain/opening-hours.ts';
import type { Pricing } from '../domain/pricing.ts';
import type { Address, Amenity, CancellationPolicy } from '../domain/spot.ts';

/** What is searched by has a column of its own; the rest is kept as it was said. */
export const spotsTable = table('spots', {
  id: column.uuid(),
  providerId: column.uuid(),
  status: column.text({ max: 16 }),
  title: column.text(),
  description: column.text().optional(),
  type: column.text({ max: 16 }),
  size: column.text({ max: 16 }),
  location: column.json<Point>(),
  /** The same, as the index finds it. */
  place: column.point(),
  address: column.json<Address>(),
  timeZone: column.text(),
  amenities: column.json<readonly Amenity[]>(),
  photoUrls: column.json<readonly string[]>(),
  pricing: column.json<Pricing>(),
  /** The base price per hour, as in `pricing`. */
  hourlyAmount: column.money(),
  openingHours: column.json<OpeningHours>(),
  cancellationPolicy: column.json<CancellationPolicy>(),
  /** The sum of all ratings and how many there are; both empty until there is one. */
  ratingSum: column.integer().optional(),
  ratingCount: column.integer().optional(),
  version: column.integer(),
  /** Place of the last event about the spot: counts changes by the provider, by bookings and by blocks. */
  eventSequence: column.integer(),
  createdAt: column.instant(),
  updatedAt: column.instant(),
});
export type SpotRow = RowOf<typeof spotsTable>;

export const blocksTable = table('blocks', {
  id: column.uuid(),
  spotId: column.uuid(),
  providerId: column.uuid(),
  startsAt: column.instant(),
  endsAt: column.instant(),
  reason: column.text().optional(),
  createdAt: column.instant(),
});
export type BlockRow = RowOf<typeof blocksTable>;

/** One row per booking that was ever heard of. No foreign key: bookings outlive spots, and may be heard of first. */
export const busyPeriodsTable = table('busy_periods', {
  bookingId: column.uuid().primaryKey(),
  spotId: column.uuid(),
  startsAt: column.instant(),
  endsAt: column.instant(),
  state: column.text({ max: 8 }),
  sequence: column.integer(),
  changedAt: column.instant(),
});
export type BusyPeriodRow = RowOf<typeof busyPeriodsTable>;
