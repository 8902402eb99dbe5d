import type { GetProfile } from '../generated/operations.ts';
import { entityTag } from './entity-tag.ts';
import type { Users } from './ports.ts';
import { profileView } from './user-view.ts';

export const getProfile =
  ({ users }: { users: Users }): GetProfile =>
  async ({ auth, reply }) => {
    const user = await users.byId(auth.subject);
    if (!user) return reply.userNotFound({ detail: 'The token is of somebody who has no account here.' });
    return reply.ok(profileView(user.profile), { etag: entityTag(user.version) });
  };
