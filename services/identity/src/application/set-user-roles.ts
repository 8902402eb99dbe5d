import type { Clock } from '@parkwise/runtime';
import { changeRoles } from '../domain/user.ts';
import type { SetUserRoles } from '../generated/operations.ts';
import { entityTag } from './entity-tag.ts';
import type { Sessions, Users } from './ports.ts';
import { userView } from './user-view.ts';

type Needs = { users: Users; sessions: Sessions; clock: Clock };

export const setUserRoles =
  ({ users, sessions, clock }: Needs): SetUserRoles =>
  async ({ path, headers, body, reply, commit }) =>
    commit(async (tx) => {
      const user = await users.byId(path.userId, tx);
      if (!user) return reply.userNotFound({ detail: 'There is no account with this id.' });
      if (headers['If-Match'] !== entityTag(user.version)) return reply.staleVersion({ detail: stale });
      const otherAdmins = await users.otherAdmins(tx, user.id);
      const change = changeRoles(user, { roles: body.roles, otherAdmins, now: clock.now() });
      if (change === 'last-admin') return reply.lastAdmin({ detail: 'Make somebody else an administrator first.' });
      if ((await users.save(tx, change)) === 'stale') return reply.staleVersion({ detail: stale });
      if (change.events.length > 0) await sessions.revokeAllOf(tx, user.id);
      return reply.ok(userView(change.state), { etag: entityTag(change.state.version) });
    });

const stale = 'The account has been changed in the meantime. Read it again.';
