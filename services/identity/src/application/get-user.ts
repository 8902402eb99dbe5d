import type { GetUser } from '../generated/operations.ts';
import { entityTag } from './entity-tag.ts';
import type { Users } from './ports.ts';
import { userView } from './user-view.ts';

export const getUser =
  ({ users }: { users: Users }): GetUser =>
  async ({ path, reply }) => {
    const user = await users.byId(path.userId);
    if (!user) return reply.userNotFound({ detail: 'There is no account with this id.' });
    return reply.ok(userView(user), { etag: entityTag(user.version) });
  };
