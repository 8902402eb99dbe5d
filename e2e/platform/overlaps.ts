import { openDatabase } from '@parkwise/runtime';
import type { Platform } from './start-platform.ts';

/** Pairs of bookings that hold the same spot at the same time, as the database has them. */
export const overlaps = async (platform: Platform): Promise<number> => {
  const database = await openDatabase(platform.databaseUrl('booking'));
  try {
    const holding = ['PENDING_PAYMENT', 'CONFIRMED', 'ACTIVE'];
    const rows = await database
      .knex('bookings as a')
      .join('bookings as b', (on) => {
        on.on('a.spot_id', '=', 'b.spot_id').andOn('a.id', '<', 'b.id');
        on.andOn('a.starts_at', '<', 'b.ends_at').andOn('b.starts_at', '<', 'a.ends_at');
      })
      .whereIn('a.status', holding)
      .whereIn('b.status', holding)
      .count({ pairs: '*' });
    return Number(rows[0]?.['pairs']);
  } finally {
    await database.close();
  }
};
