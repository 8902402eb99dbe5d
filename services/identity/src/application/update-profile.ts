import type { Clock } from '@parkwise/runtime';
import { changeProfile } from '../domain/user.ts';
import type { UpdateProfile } from '../generated/operations.ts';
import { entityTag } from './entity-tag.ts';
import type { Users } from './ports.ts';
import { profileView } from './user-view.ts';

export const updateProfile =
  ({ users, clock }: { users: Users; clock: Clock }): UpdateProfile =>
  async ({ auth, headers, body, reply, commit }) =>
    commit(async (tx) => {
      const user = await users.byId(auth.subject, tx);
      if (!user) return reply.userNotFound({ detail: 'The token is of somebody who has no account here.' });
      if (headers['If-Match'] !== entityTag(user.version)) return reply.staleVersion({ detail: stale });
      const change = changeProfile(user, body, clock.now());
      if (change === 'not-a-provider') return reply.notAProvider({ detail: notAProvider });
      if ((await users.save(tx, change)) === 'stale') return reply.staleVersion({ detail: stale });
      return reply.ok(profileView(change.state.profile), { etag: entityTag(change.state.version) });
    });

const stale = 'The profile has been changed in the meantime. Read it again.';
const notAProvider = 'Only an account with the role of a provider can have a business.';
