import type { ConfigurationSchema } from './schema.ts';

/** Of database servers: `PARKWISE_DATABASE_…`. */
export const databaseSettings = {
  databaseConnectTimeout: {
    type: 'duration',
    description: 'How long a connection to a database server may take to be opened.',
    default: 'PT3S',
  },
  databaseAcquireTimeout: {
    type: 'duration',
    description: 'How long a connection of the pool to a database server is waited for.',
    default: 'PT5S',
  },
  databaseQueryTimeout: {
    type: 'duration',
    description:
      'How long a statement may take on a database server. With the wait for a connection, this is the longest that a request waits for a server that hangs.',
    default: 'PT10S',
  },
  databaseLockWait: {
    type: 'duration',
    description: 'How long a statement waits for a lock that another transaction holds.',
    default: 'PT5S',
  },
  databaseIdleTransaction: {
    type: 'duration',
    description:
      'How long a transaction may rest between statements before a database server undoes it: its process may hang.',
    default: 'PT10S',
  },
  databasePool: {
    type: 'integer',
    description: 'Most connections of one process to a database server for transactions; half as many serve reads.',
    minimum: 1,
    maximum: 200,
    default: 8,
  },
} as const satisfies ConfigurationSchema;
