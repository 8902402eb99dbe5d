import type { Clock, Ids } from '@parkwise/runtime';
import { blocked, blockFault } from '../domain/block.ts';
import type { Block } from '../domain/block.ts';
import type { BlockSpot } from '../generated/operations.ts';
import { blockAnswer } from './block-answer.ts';
import type { Blocks, Calendar, Spots } from './ports.ts';

type Needs = {
  readonly spots: Spots;
  readonly blocks: Blocks;
  readonly calendar: Calendar;
  readonly ids: Ids;
  readonly clock: Clock;
};

export const blockSpot =
  ({ spots, blocks, calendar, ids, clock }: Needs): BlockSpot =>
  async ({ path, body, auth, reply, commit }) => {
    const createdAt = clock.now();
    const window = { from: Date.parse(body.from), to: Date.parse(body.to) };
    const fault = blockFault(window, createdAt);
    if (fault) return reply.invalidWindow({ detail: fault });
    return commit(async (tx) => {
      const spot = await spots.lock(tx, path.spotId, auth.subject);
      if (!spot) return reply.spotNotFound();
      if (await calendar.isTaken(tx, spot.id, window)) return reply.windowNotAvailable();
      const whose = { id: ids.next(), spotId: spot.id, providerId: spot.providerId };
      const block: Block = { ...whose, window, createdAt, ...(body.reason !== undefined && { reason: body.reason }) };
      await blocks.add(tx, block);
      await spots.tell(tx, spot, [blocked(block, createdAt)]);
      return reply.created(blockAnswer(block), { location: `/v1/spots/${spot.id}/blocks/${block.id}` });
    });
  };
