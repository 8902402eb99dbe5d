import type { Clock } from '@parkwise/runtime';
import type { ListBlocks } from '../generated/operations.ts';
import { blockAnswer } from './block-answer.ts';
import { cursorAfter, placeAt } from './cursor.ts';
import type { Blocks, Spots } from './ports.ts';

type Needs = { readonly spots: Spots; readonly blocks: Blocks; readonly clock: Clock };

export const listBlocks =
  ({ spots, blocks, clock }: Needs): ListBlocks =>
  async ({ path, query, auth, reply }) => {
    const { limit = 20 } = query;
    const spot = await spots.ownedBy(auth.subject, path.spotId);
    if (!spot) return reply.spotNotFound();
    const list = ['blocks', spot.id];
    const after = placeAt(list, query.cursor);
    if (after === 'invalid') return reply.invalidCursor();
    const found = await blocks.listOf(spot.id, { now: clock.now(), after, limit: limit + 1 });
    const last = found.length > limit ? found[limit - 1] : undefined;
    return reply.ok({
      items: found.slice(0, limit).map(blockAnswer),
      ...(last && { next: cursorAfter(list, { key: last.window.from, id: last.id }) }),
    });
  };
