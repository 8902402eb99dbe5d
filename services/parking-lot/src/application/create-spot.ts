import type { Clock, Ids } from '@parkwise/runtime';
import { isAccountId } from '../domain/account-id.ts';
import { offerSpot } from '../domain/spot.ts';
import type { CreateSpot } from '../generated/operations.ts';
import { entityTag } from './entity-tag.ts';
import type { Spots } from './ports.ts';
import { spotAnswer } from './spot-answer.ts';

type Needs = { readonly spots: Spots; readonly ids: Ids; readonly clock: Clock };

export const createSpot =
  ({ spots, ids, clock }: Needs): CreateSpot =>
  async ({ body, auth, reply, commit }) => {
    if (!isAccountId(auth.subject)) return reply.noAccount({ detail: NO_ACCOUNT });
    const terms = { status: 'LISTED' as const, amenities: [], photoUrls: [], ...body };
    const change = offerSpot(terms, { id: ids.next(), providerId: auth.subject, now: clock.now() });
    if ('refused' in change) return reply[change.refused]({ detail: change.detail });
    const { spot } = change;
    return commit(async (tx) => {
      await spots.add(tx, change);
      return reply.created(spotAnswer(spot), { location: `/v1/spots/${spot.id}`, etag: entityTag(spot.version) });
    });
  };

const NO_ACCOUNT = 'The subject of the token is no account. Register first.';
