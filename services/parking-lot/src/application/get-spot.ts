import type { GetSpot } from '../generated/operations.ts';
import { entityTag } from './entity-tag.ts';
import type { Spots } from './ports.ts';
import { spotAnswer } from './spot-answer.ts';

export const getSpot =
  ({ spots }: { readonly spots: Spots }): GetSpot =>
  async ({ path, auth, reply }) => {
    const spot = await spots.visibleTo(auth.subject, path.spotId);
    return spot ? reply.ok(spotAnswer(spot), { etag: entityTag(spot.version) }) : reply.spotNotFound();
  };
