import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import type { Clock, Sql, Tx } from '@parkwise/runtime';
import type { SignInAttempt, SignInThrottle } from '../application/ports.ts';
import { emailKey } from '../domain/email-address.ts';
import { attempt, networkOf, takeBack, type SignInLimit } from '../domain/sign-in-window.ts';
import { signInWindows } from './tables.ts';

interface Needs {
  readonly transaction: <R>(work: (tx: Tx) => Promise<R>) => Promise<R>;
  readonly clock: Clock;
  readonly perAccount: SignInLimit;
  readonly perAddress: SignInLimit;
}

/**
 * Attempts in SQL, so that they are counted across processes and restarts. Each counts in a transaction of its own before the
 * password is looked at; one that succeeds is taken back, and clears the account's.
 */
export const knexSignInThrottle = ({ transaction, clock, perAccount, perAddress }: Needs): SignInThrottle => ({
  attempt: (who) =>
    transaction(async (tx) => {
      const now = clock.now();
      const counted = [];
      for (const { id, limit } of counters(who, { perAccount, perAddress })) {
        // Inserted before it is counted, as one that has ended: a row that is not there cannot be locked.
        const window = await signInWindows.lockOrInsert(tx, { id, attempts: 0, endsAt: now });
        const outcome = attempt(window, now, limit);
        // Nothing is counted for who is turned away, or waiting would never end.
        if (!outcome.admitted) return outcome;
        counted.push({ id, ...outcome.window });
      }
      for (const row of counted) await signInWindows.upsert(tx, row);
      return { admitted: true };
    }),

  succeeded: (who) =>
    transaction(async (tx) => {
      for (const { id, isAccount } of counters(who, { perAccount, perAddress })) {
        const window = await signInWindows.first(tx, { id }, { forUpdate: true });
        if (isAccount) await signInWindows.delete(tx, { id });
        else if (window) await signInWindows.upsert(tx, { id, ...takeBack(window) });
      }
    }),
});

/** Forgets the windows that have ended. */
export async function forgetEndedWindows(tx: Tx, now: Date): Promise<void> {
  await signInWindows.delete(tx, endedBy(tx, now));
}

const endedBy = (sql: Sql, now: Date) => (query: Knex.QueryBuilder) =>
  query.where('ends_at', '<=', signInWindows.encode(sql, { endsAt: now })['ends_at'] as string);

function counters(
  { email, address }: SignInAttempt,
  { perAccount, perAddress }: Pick<Needs, 'perAccount' | 'perAddress'>,
) {
  const account = { id: hashed(`account ${emailKey(email)}`), limit: perAccount, isAccount: true };
  if (address === undefined) return [account];
  return [{ id: hashed(`network ${networkOf(address)}`), limit: perAddress, isAccount: false }, account];
}

const hashed = (text: string): string => createHash('sha256').update(text).digest('hex');
