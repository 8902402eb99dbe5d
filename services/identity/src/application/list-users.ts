import type { ListUsers } from '../generated/operations.ts';
import type { Users } from './ports.ts';
import { cursorOf, placeOf } from './user-cursor.ts';
import { userView } from './user-view.ts';

export const listUsers =
  ({ users }: { users: Users }): ListUsers =>
  async ({ query, reply }) => {
    const after = query.cursor === undefined ? undefined : placeOf(query.cursor);
    if (query.cursor !== undefined && !after)
      return reply.invalidCursor({ detail: 'The cursor does not belong to this list. Start again without one.' });
    const { role, limit = 20 } = query;
    // One more than the page holds tells whether there is another page.
    const found = await users.list({ ...(role && { role }), ...(after && { after }), limit: limit + 1 });
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return reply.ok({ items: page.map(userView), ...(found.length > limit && last && { next: cursorOf(last) }) });
  };
