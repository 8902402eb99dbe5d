import type { ConfigurationSchema } from '@parkwise/runtime';

/** The settings of identity: `firstPartyClient` is read from `IDENTITY_FIRST_PARTY_CLIENT`, and so on. */
export const configuration = {
  firstPartyClient: {
    type: 'string',
    description: 'The only client at which people may sign in with a password.',
    pattern: '^[a-z][a-z0-9-]{0,63}$',
    default: 'parkwise-app',
  },
  serviceClients: {
    type: 'string',
    description:
      'Services that get tokens of their own: a JSON list of {"id", "secret", "scopes"}; a secret has 24 characters or more.',
    secret: true,
    default: '',
  },
  accessTokenLifetime: {
    type: 'duration',
    description: 'For how long an access token is good: from PT1M to PT10M.',
    default: 'PT10M',
  },
  refreshTokenIdle: {
    type: 'duration',
    description: 'For how long a refresh token can lie unused.',
    default: 'P14D',
  },
  refreshTokenTotal: {
    type: 'duration',
    description: 'After how long somebody has to sign in again, however often tokens are renewed.',
    default: 'P90D',
  },
  keyRotation: { type: 'duration', description: 'For how long a key signs tokens.', default: 'P30D' },
  keyPublishAhead: {
    type: 'duration',
    description: 'How long before it signs a key is published: at least PT15M, longer than key sets are cached.',
    default: 'PT30M',
  },
  signInsPerAccount: {
    type: 'integer',
    description: 'Wrong passwords for one account until it has to wait for the window to end.',
    minimum: 1,
    maximum: 100,
    default: 10,
  },
  signInsPerAddress: {
    type: 'integer',
    description: 'Wrong passwords from one address until it has to wait for the window to end.',
    minimum: 1,
    maximum: 100_000,
    default: 300,
  },
  signInWindow: {
    type: 'duration',
    description: 'The window in which wrong passwords are counted: at most PT24H.',
    default: 'PT15M',
  },
  hashingConcurrency: {
    type: 'integer',
    description: 'Passwords that are hashed at once; each takes 19 MiB and a thread.',
    minimum: 1,
    maximum: 64,
    default: 2,
  },
  hashingQueue: {
    type: 'integer',
    description: 'Passwords that may wait to be hashed; whoever comes then is answered 429.',
    minimum: 0,
    maximum: 10_000,
    default: 500,
  },
  firstAdminEmail: {
    type: 'string',
    description: 'Address of an administrator who is made while there is none. Empty: nobody is.',
    pattern: '^[^@ ]+@[^@ ]+$',
    default: '',
  },
  firstAdminPassword: { type: 'string', description: "That administrator's password.", secret: true, default: '' },
} as const satisfies ConfigurationSchema;
