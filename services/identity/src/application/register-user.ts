import type { Clock, Ids } from '@parkwise/runtime';
import { isGuessable } from '../domain/guessable-password.ts';
import { register, type Registration } from '../domain/user.ts';
import type { RegisterUser, RegisterUserRequest } from '../generated/operations.ts';
import { entityTag } from './entity-tag.ts';
import type { Passwords, Users } from './ports.ts';
import { userView } from './user-view.ts';

type Needs = { users: Users; passwords: Passwords; clock: Clock; ids: Ids };

export const registerUser =
  ({ users, passwords, clock, ids }: Needs): RegisterUser =>
  async ({ body, reply, commit, signal }) => {
    if (isGuessable(body.password, body)) return reply.weakPassword({ detail: weak });
    // Before the transaction, which nobody else can write beside; and for a taken address too, so that both take as long.
    const passwordHash = await passwords.hash(body.password, signal);
    if (passwordHash === 'overloaded')
      return reply.tooManyAttempts({ detail: busy, error: 'temporarily_unavailable' }, { retryAfter: 1 });
    return commit(async (tx) => {
      const change = register(registrationOf(body, { id: ids.next(), now: clock.now() }));
      const outcome = await users.add(tx, change, passwordHash);
      if (outcome === 'email-taken')
        return reply.emailTaken({ detail: 'There already is an account for this address.' });
      const { id, version } = change.state;
      return reply.created(userView(change.state), { location: `/v1/users/${id}`, etag: entityTag(version) });
    });
  };

const weak = 'The password is one of the most common ones, or made from the email address or the name.';
const busy = 'Too many people are registering at the moment.';

/** Property by property: a request cannot set what it does not know of. */
function registrationOf(body: RegisterUserRequest['body'], account: { id: string; now: Date }): Registration {
  const { email, displayName, locale, phone } = body;
  const profile = { displayName, locale, contactChannel: 'email', ...(phone !== undefined && { phone }) } as const;
  if (body.role === 'provider') return { ...account, role: 'provider', email, profile, business: body.business };
  const { vehiclePlate } = body;
  return {
    ...account,
    role: 'driver',
    email,
    profile: { ...profile, ...(vehiclePlate !== undefined && { vehiclePlate }) },
  };
}
