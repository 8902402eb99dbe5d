import type { ListMySpots } from '../generated/operations.ts';
import { cursorAfter, placeAt } from './cursor.ts';
import type { Spots } from './ports.ts';
import { spotAnswer } from './spot-answer.ts';

export const listMySpots =
  ({ spots }: { readonly spots: Spots }): ListMySpots =>
  async ({ query, auth, reply }) => {
    const { status, limit = 20 } = query;
    const list = ['my-spots', auth.subject, status];
    const after = placeAt(list, query.cursor);
    if (after === 'invalid') return reply.invalidCursor();
    const found = await spots.listOf(auth.subject, { status, after, limit: limit + 1 });
    const last = found.length > limit ? found[limit - 1] : undefined;
    return reply.ok({
      items: found.slice(0, limit).map(spotAnswer),
      ...(last && { next: cursorAfter(list, { key: last.createdAt.getTime(), id: last.id }) }),
    });
  };
