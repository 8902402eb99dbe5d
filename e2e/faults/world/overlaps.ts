import type { World } from './open-world.ts';

/** Pairs of bookings that hold the same spot at the same time, by a self-join on either database. */
export const overlaps = async ({ stores }: World): Promise<number> => {
  const { knex } = await stores.database('booking');
  const holding = ['PENDING_PAYMENT', 'CONFIRMED', 'ACTIVE'];
  const rows = await knex('bookings as a')
    .join('bookings as b', (on) => {
      on.on('a.spot_id', '=', 'b.spot_id').andOn('a.id', '<', 'b.id');
      on.andOn('a.starts_at', '<', 'b.ends_at').andOn('b.starts_at', '<', 'a.ends_at');
    })
    .whereIn('a.status', holding)
    .whereIn('b.status', holding)
    .count({ pairs: '*' });
  return Number(rows[0]?.['pairs']);
};
