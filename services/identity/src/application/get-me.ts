import type { GetMe } from '../generated/operations.ts';
import { entityTag } from './entity-tag.ts';
import type { Users } from './ports.ts';
import { userView } from './user-view.ts';

export const getMe =
  ({ users }: { users: Users }): GetMe =>
  async ({ auth, reply }) => {
    const user = await users.byId(auth.subject);
    if (!user) return reply.userNotFound({ detail: 'The token is of somebody who has no account here.' });
    return reply.ok(userView(user), { etag: entityTag(user.version) });
  };
