import type { Tx } from '@parkwise/runtime';
import { watchedSpot } from '../application/watched-spot.ts';
import { windowAnswer } from '../application/taken-windows.ts';
import type { OccupiedTimes } from '../domain/availability.ts';
import { cellOf } from '../domain/area.ts';
import type { Point } from '../domain/geography.ts';
import type { Spot, SpotEvent } from '../domain/spot.ts';
import type { Live } from '../generated/channels.ts';
import { blocksTable, busyPeriodsTable } from './tables.ts';

/** Tells those who watch a spot, or the area in which it is, in the transaction in which something happens to it. */
export interface Watchers {
  /** A window of the spot is taken, or free again. */
  happened(tx: Tx, spot: Spot, events: readonly SpotEvent[]): Promise<void>;
  /** The spot is new (without `before`), gone (without `after`), or otherwise. */
  changed(tx: Tx, before: Spot | undefined, after: Spot | undefined): Promise<void>;
}

export const tellWatchers = (live: Live): Watchers => {
  const { areaAvailability: area, spotAvailability: watched } = live;
  return {
    async happened(tx, spot, events) {
      for (const event of events) {
        if (event.kind !== 'occupation-changed') continue;
        const window = { status: event.to, ...windowAnswer(event.window) };
        if (isShown(spot)) await area.areaWindowChanged(tx, cellOf(spot.location), { ...placeOf(spot), ...window });
        await watched.spotWindowChanged(tx, spot.id, window);
      }
    },

    async changed(tx, before, after) {
      if (before && isShown(before) && !(after && isShown(after) && isSamePlace(before.location, after.location)))
        await area.areaSpotHidden(tx, cellOf(before.location), placeOf(before));
      if (after && isShown(after)) {
        const occupied = before && (await occupiedFrom(tx, after.id, after.updatedAt));
        await area.areaSpotShown(tx, cellOf(after.location), watchedSpot(after, occupied));
      }
      if (before) await watched.spotTermsChanged(tx, before.id, { spotId: before.id });
    },
  };
};

const isShown = ({ status }: Spot): boolean => status === 'LISTED';

const isSamePlace = (a: Point, b: Point): boolean =>
  a.coordinates[0] === b.coordinates[0] && a.coordinates[1] === b.coordinates[1];

const placeOf = ({ id, location }: Spot) => ({
  spotId: id,
  location: { type: 'Point' as const, coordinates: [...location.coordinates] },
});

/** More than this nobody is told of one spot; who needs to know more watches it. */
const mostWindows = 2000;

/** What is taken and not over yet. */
async function occupiedFrom(tx: Tx, spotId: string, now: Date): Promise<OccupiedTimes> {
  const { ends_at: instant } = busyPeriodsTable.encode(tx, { endsAt: now });
  const [blocks, bookings] = await Promise.all([
    blocksTable.find(tx, (query) => query.where('spot_id', spotId).where('ends_at', '>', instant as number), {
      orderBy: 'startsAt',
      limit: mostWindows,
    }),
    busyPeriodsTable.find(
      tx,
      (query) =>
        query
          .where('spot_id', spotId)
          .whereNot('state', 'FREED')
          .where('ends_at', '>', instant as number),
      { orderBy: 'startsAt', limit: mostWindows },
    ),
  ]);
  const windowOf = ({ startsAt, endsAt }: { readonly startsAt: Date; readonly endsAt: Date }) => ({
    from: startsAt.getTime(),
    to: endsAt.getTime(),
  });
  return { blocks: blocks.map(windowOf), bookings: bookings.map(windowOf) };
}
