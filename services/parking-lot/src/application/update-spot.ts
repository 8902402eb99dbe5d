import type { Clock } from '@parkwise/runtime';
import { changeSpot } from '../domain/spot.ts';
import type { UpdateSpot } from '../generated/operations.ts';
import { entityTag } from './entity-tag.ts';
import type { Spots } from './ports.ts';
import { spotAnswer } from './spot-answer.ts';

type Needs = { readonly spots: Spots; readonly clock: Clock };

export const updateSpot =
  ({ spots, clock }: Needs): UpdateSpot =>
  async ({ path, headers, body, auth, reply, commit }) =>
    commit(async (tx) => {
      const spot = await spots.lock(tx, path.spotId, auth.subject);
      if (!spot) return reply.spotNotFound();
      if (headers['If-Match'] !== entityTag(spot.version)) return reply.staleVersion();
      const change = changeSpot(spot, body, clock.now());
      if ('refused' in change) return reply[change.refused]({ detail: change.detail });
      if (!(await spots.save(tx, change, spot.version))) return reply.staleVersion();
      return reply.ok(spotAnswer(change.spot), { etag: entityTag(change.spot.version) });
    });
