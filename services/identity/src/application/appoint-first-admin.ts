import type { Clock, Ids, Tx } from '@parkwise/runtime';
import { appoint } from '../domain/user.ts';
import type { Passwords, Users } from './ports.ts';

interface Needs {
  readonly users: Users;
  readonly passwords: Passwords;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly transaction: <R>(work: (tx: Tx) => Promise<R>) => Promise<R>;
}

/**
 * Administrators are made by administrators, so somebody has to make the first: the settings name who. Nothing happens while
 * there is one, nor if the address is somebody else's.
 */
export async function appointFirstAdmin(
  { users, passwords, clock, ids, transaction }: Needs,
  { email, password }: { email: string; password: string },
): Promise<'appointed' | 'not-needed' | 'email-taken' | 'later'> {
  const [admin] = await users.list({ role: 'admin', limit: 1 });
  if (email === '' || admin) return 'not-needed';
  const passwordHash = await passwords.hash(password);
  if (passwordHash === 'overloaded') return 'later';
  const profile = { displayName: 'Administrator', locale: 'en', contactChannel: 'email' } as const;
  return transaction(async (tx) => {
    const outcome = await users.add(tx, appoint({ id: ids.next(), email, profile, now: clock.now() }), passwordHash);
    return outcome === 'added' ? 'appointed' : outcome;
  });
}
