import type { Clock } from '@parkwise/runtime';
import { removeSpot } from '../domain/spot.ts';
import type { DeleteSpot } from '../generated/operations.ts';
import { entityTag } from './entity-tag.ts';
import type { BusyPeriods, Spots } from './ports.ts';

type Needs = { readonly spots: Spots; readonly busyPeriods: BusyPeriods; readonly clock: Clock };

export const deleteSpot =
  ({ spots, busyPeriods, clock }: Needs): DeleteSpot =>
  async ({ path, headers, auth, reply, commit }) =>
    commit(async (tx) => {
      const spot = await spots.lock(tx, path.spotId, auth.subject);
      if (!spot) return reply.spotNotFound();
      if (headers['If-Match'] !== entityTag(spot.version)) return reply.staleVersion();
      if (await busyPeriods.anyAhead(tx, spot.id, clock.now())) return reply.spotHasBookings();
      return (await spots.remove(tx, removeSpot(spot, clock.now()))) ? reply.noContent() : reply.staleVersion();
    });
