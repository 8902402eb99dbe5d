import type { Sql } from '@parkwise/runtime';
import type { Knex } from 'knex';
import type { Calendar } from '../application/ports.ts';
import type { OccupiedTimes } from '../domain/availability.ts';
import type { TimeWindow } from '../domain/time-window.ts';
import { listedWithin } from './listed-within.ts';
import { blocksTable, busyPeriodsTable, spotsTable } from './tables.ts';

/** From how near spots count as an alternative, in metres. */
const nearby = 1000;

/** What is taken, read from blocks and busy periods. */
export const knexCalendar = ({ sql }: { readonly sql: Sql }): Calendar => ({
  async during(spotIds, window) {
    const [blocks, bookings] = await Promise.all([
      blocksTable.find(sql, (query) => overlapping(sql, query.whereIn('spot_id', [...spotIds]), window)),
      busyPeriodsTable.find(sql, (query) =>
        overlapping(sql, query.whereIn('spot_id', [...spotIds]).whereNot('state', 'FREED'), window),
      ),
    ]);
    const bySpot = new Map<string, { blocks: TimeWindow[]; bookings: TimeWindow[] }>();
    const of = (spotId: string) => {
      const known = bySpot.get(spotId) ?? { blocks: [], bookings: [] };
      bySpot.set(spotId, known);
      return known;
    };
    for (const block of blocks) of(block.spotId).blocks.push(windowOf(block));
    for (const booking of bookings) of(booking.spotId).bookings.push(windowOf(booking));
    return bySpot satisfies ReadonlyMap<string, OccupiedTimes>;
  },

  async isTaken(tx, spotId, window) {
    const block = await blocksTable.first(tx, (query) => overlapping(tx, query.where('spot_id', spotId), window));
    if (block) return true;
    const booking = await busyPeriodsTable.first(tx, (query) =>
      overlapping(tx, query.where('spot_id', spotId).whereNot('state', 'FREED'), window),
    );
    return booking !== undefined;
  },

  async occupancyAround(centre, window) {
    const around = await listedWithin(sql, { centre, radius: nearby }, (query) => {
      const booked = overlapping(sql, sql.knex(busyPeriodsTable.name).whereNot('state', 'FREED'), window)
        .whereRaw('?? = ??', [`${busyPeriodsTable.name}.spot_id`, `${spotsTable.name}.id`])
        .select(sql.knex.raw('1'));
      return query.select({ booked: sql.knex.raw('exists ?', [booked]) });
    });
    return { spots: around.length, taken: around.filter(({ record }) => Number(record['booked']) === 1).length };
  },
});

function overlapping<Q extends Knex.QueryBuilder>(sql: Sql, query: Q, { from, to }: TimeWindow): Q {
  const instants = busyPeriodsTable.encode(sql, { startsAt: new Date(to), endsAt: new Date(from) });
  return query
    .where('starts_at', '<', instants['starts_at'] as number)
    .where('ends_at', '>', instants['ends_at'] as number) as Q;
}

const windowOf = ({ startsAt, endsAt }: { readonly startsAt: Date; readonly endsAt: Date }): TimeWindow => ({
  from: startsAt.getTime(),
  to: endsAt.getTime(),
});
