import type { Clock, ConfigurationOf, Ids, Job, Log, Tx } from '@parkwise/runtime';
import { forgetEndedSessions } from './adapters/knex-sessions.ts';
import { forgetEndedWindows } from './adapters/knex-sign-in-throttle.ts';
import type { KnexSigningKeys } from './adapters/knex-signing-keys.ts';
import { appointFirstAdmin } from './application/appoint-first-admin.ts';
import type { Passwords, Users } from './application/ports.ts';
import type { configuration } from './configuration.ts';

interface Needs {
  readonly users: Users;
  readonly passwords: Passwords;
  readonly signingKeys: KnexSigningKeys;
  readonly clock: Clock;
  readonly ids: Ids;
}

interface Given {
  readonly transaction: <R>(work: (tx: Tx) => Promise<R>) => Promise<R>;
  readonly config: ConfigurationOf<typeof configuration>;
  readonly log: Log;
}

/** What has to be done again and again, whoever asks. Each may run in several processes at once. */
export const jobs = (needs: Needs, { transaction, config, log }: Given): readonly Job[] => [
  {
    name: 'rotate-signing-keys',
    everyMs: 60_000,
    async run() {
      const keyId = await needs.signingKeys.rotate();
      if (keyId !== undefined) log.info({ keyId }, 'the next signing key is published');
    },
  },
  {
    name: 'forget-what-has-ended',
    everyMs: 600_000,
    async run() {
      const now = needs.clock.now();
      await transaction((tx) => forgetEndedSessions(tx, now));
      await transaction((tx) => forgetEndedWindows(tx, now));
    },
  },
  {
    name: 'appoint-first-admin',
    everyMs: 10_000,
    async run() {
      const { firstAdminEmail: email, firstAdminPassword: password } = config;
      const outcome = await appointFirstAdmin({ ...needs, transaction }, { email, password });
      if (outcome === 'appointed') log.info({}, 'the first administrator is appointed');
      if (outcome === 'email-taken')
        log.warn({}, 'IDENTITY_FIRST_ADMIN_EMAIL belongs to somebody who is no administrator');
    },
  },
];
