import type { Clock } from '@parkwise/runtime';
import { unblocked } from '../domain/block.ts';
import type { UnblockSpot } from '../generated/operations.ts';
import type { Blocks, Spots } from './ports.ts';

type Needs = { readonly spots: Spots; readonly blocks: Blocks; readonly clock: Clock };

export const unblockSpot =
  ({ spots, blocks, clock }: Needs): UnblockSpot =>
  async ({ path, auth, reply, commit }) =>
    commit(async (tx) => {
      const spot = await spots.lock(tx, path.spotId, auth.subject);
      if (!spot) return reply.spotNotFound();
      const block = await blocks.remove(tx, spot.id, path.blockId);
      if (!block) return reply.blockNotFound();
      await spots.tell(tx, spot, [unblocked(block, clock.now())]);
      return reply.noContent();
    });
