import { argon2Passwords } from './adapters/argon2-passwords.ts';
import { joseAccessTokens } from './adapters/jose-access-tokens.ts';
import { knexSessions } from './adapters/knex-sessions.ts';
import { knexSignInThrottle } from './adapters/knex-sign-in-throttle.ts';
import { knexSigningKeys } from './adapters/knex-signing-keys.ts';
import { knexUsers } from './adapters/knex-users.ts';
import { randomRefreshSecrets } from './adapters/random-refresh-secrets.ts';
import { registeredClients } from './adapters/registered-clients.ts';
import { fillWithDemoData } from './demo.ts';
import { defineService } from './generated/service.ts';
import { jobs } from './jobs.ts';
import { policiesOf } from './policies.ts';

export default defineService(
  (given) => {
    const { sql, transaction, publish, clock, ids, config, tokens } = given;
    if (!tokens) throw new Error('An issuer of tokens has to know PARKWISE_ISSUER and PARKWISE_AUDIENCE');
    const policies = policiesOf(config);
    const signingKeys = knexSigningKeys({ sql, transaction, clock, policy: policies.rotation });
    return {
      clock,
      ids,
      signingKeys,
      users: knexUsers(sql, publish),
      sessions: knexSessions(clock),
      passwords: argon2Passwords({ concurrency: config.hashingConcurrency, queue: config.hashingQueue }),
      throttle: knexSignInThrottle({ transaction, clock, ...policies }),
      refreshSecrets: randomRefreshSecrets(),
      refreshPolicy: policies.refresh,
      registeredClients: registeredClients({
        firstParty: config.firstPartyClient,
        services: config.serviceClients,
        sql,
      }),
      accessTokens: joseAccessTokens({
        keys: signingKeys,
        clock,
        ids,
        ...tokens,
        lifetimeSeconds: policies.accessTokenSeconds,
      }),
    };
  },
  // Written out, so that `needs` is what stands above and not the least that the handlers ask for.
  {
    jobs: (needs, given) => jobs(needs, given),
    demo: (needs, { transaction }) => fillWithDemoData({ ...needs, transaction }),
  },
);
