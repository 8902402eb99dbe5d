import { column, table } from '@parkwise/runtime';
import type { Knex } from 'knex';

/** The tables as they were first made; src/adapters/tables.ts has them as they are now. */
const spots = table('spots', {
  id: column.uuid(),
  providerId: column.uuid(),
  status: column.text({ max: 16 }),
  title: column.text(),
  description: column.text().optional(),
  type: column.text({ max: 16 }),
  size: column.text({ max: 16 }),
  location: column.json(),
  latitudeE7: column.integer(),
  longitudeE7: column.integer(),
  address: column.json(),
  timeZone: column.text(),
  amenities: column.json(),
  photoUrls: column.json(),
  pricing: column.json(),
  hourlyAmount: column.money(),
  openingHours: column.json(),
  cancellationPolicy: column.json(),
  ratingSum: column.integer().optional(),
  ratingCount: column.integer().optional(),
  version: column.integer(),
  eventSequence: column.integer(),
  createdAt: column.instant(),
  updatedAt: column.instant(),
});

const blocks = table('blocks', {
  id: column.uuid(),
  spotId: column.uuid(),
  providerId: column.uuid(),
  startsAt: column.instant(),
  endsAt: column.instant(),
  reason: column.text().optional(),
  createdAt: column.instant(),
});

const busyPeriods = table('busy_periods', {
  bookingId: column.uuid().primaryKey(),
  spotId: column.uuid(),
  startsAt: column.instant(),
  endsAt: column.instant(),
  state: column.text({ max: 8 }),
  sequence: column.integer(),
  changedAt: column.instant(),
});

export async function up(knex: Knex.Transaction): Promise<void> {
  await spots.create(knex, (builder) => {
    builder.index(['latitude_e7', 'longitude_e7'], 'spots_by_place');
    builder.index(['provider_id', 'created_at', 'id'], 'spots_by_provider');
  });
  await blocks.create(knex, (builder) => {
    builder.index(['spot_id', 'ends_at'], 'blocks_by_spot');
  });
  await busyPeriods.create(knex, (builder) => {
    builder.index(['spot_id', 'ends_at'], 'busy_periods_by_spot');
  });
}
