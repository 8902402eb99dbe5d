import type { RuntimeSettings } from '../configuration/runtime-settings.ts';
import type { DatabaseOptions } from '../persistence/database.ts';

/** How long to wait for what, as the settings say. SQLite knows the wait for a lock alone: it has no server. */
export const databaseTimeouts = (settings: RuntimeSettings): DatabaseOptions => {
  const lockWaitMs = settings.databaseLockWait;
  if (!settings.databaseUrl.startsWith('mysql:')) return { lockWaitMs };
  return {
    lockWaitMs,
    connectTimeoutMs: settings.databaseConnectTimeout,
    acquireTimeoutMs: settings.databaseAcquireTimeout,
    queryTimeoutMs: settings.databaseQueryTimeout,
    idleTransactionMs: settings.databaseIdleTransaction,
    poolSize: settings.databasePool,
  };
};
