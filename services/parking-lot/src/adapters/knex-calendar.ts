import type { Sql } from '@parkwise/runtime';
import type { Knex } from 'knex';
import type { Calendar } from '../application/ports.ts';
import type { OccupiedTimes } from '../domain/availability.ts';
import { clustersOf, within } from '../domain/geography.ts';
import type { Point } from '../domain/geography.ts';
import type { Occupancy } from '../domain/pricing.ts';
import type { TimeWindow } from '../domain/time-window.ts';
import { listedWithin } from './listed-within.ts';
import type { FoundRecord } from './listed-within.ts';
import { blocksTable, busyPeriodsTable, spotsTable } from './tables.ts';

/** From how near spots count as an alternative, in metres. */
const nearby = 1000;
/** How far apart places may be, in metres, to be asked for at once: far more would read spots that are near none of them. */
const together = 2000;
/** So that rounding leaves nobody out whom the single place would count, in metres. */
const margin = 1;

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

  async occupancyAround(places, window) {
    const occupancies: Occupancy[] = [];
    for (const { centre, reach, indexes } of clustersOf(places, together)) {
      const around = await listedWithin(sql, { centre, radius: reach + nearby + margin }, (query) => {
        const booked = overlapping(sql, sql.knex(busyPeriodsTable.name).whereNot('state', 'FREED'), window)
          .whereRaw('?? = ??', [`${busyPeriodsTable.name}.spot_id`, `${spotsTable.name}.id`])
          .select(sql.knex.raw('1'));
        return query.select({ booked: sql.knex.raw('exists ?', [booked]) });
      });
      for (const index of indexes) occupancies[index] = occupancyNear(places[index] ?? centre, around);
    }
    return occupancies;
  },
});

function occupancyNear(centre: Point, found: readonly FoundRecord[]): Occupancy {
  const isNear = within(centre, nearby);
  const near = found.filter(({ place }) => isNear(place));
  return { spots: near.length, taken: near.filter(({ record }) => Number(record['booked']) === 1).length };
}

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
