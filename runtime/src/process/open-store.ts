import type { ProcessConfiguration } from '../configuration/load-configuration.ts';
import type { EventBus } from '../messaging/event-bus.ts';
import { openBus as openTransport } from '../messaging/open-bus.ts';
import { createServiceTopics } from '../messaging/start-consumers.ts';
import type { Database } from '../persistence/database.ts';
import { loadMigrations } from '../persistence/load-migrations.ts';
import { openDatabase } from '../persistence/open-database.ts';
import { databaseTimeouts } from './database-timeouts.ts';
import type { Clock, Log, ServiceTables } from './service-definition.ts';
import { startStep } from './start-error.ts';

interface StoreOptions {
  readonly tables: ServiceTables;
  readonly configuration: ProcessConfiguration;
  readonly clock: Clock;
  readonly log: Log;
  /** What is opened is closed with it, in reverse order, if the start fails further on. */
  readonly opened: AsyncDisposableStack;
}

/** Opens the service's database and brings it up to date. */
export const openStore = async ({ tables, configuration, clock, opened }: StoreOptions): Promise<Database> => {
  const url = configuration.runtime.databaseUrl || 'sqlite::memory:';
  const database = await startStep('database', 'the database cannot be opened', () =>
    openDatabase(url, { clock, ...databaseTimeouts(configuration.runtime) }),
  );
  opened.defer(() => database.close());
  await startStep('migration', 'the database cannot be migrated', async () => {
    await database.migrate(await loadMigrations(new URL('migrations/', tables.directory)));
  });
  return database;
};

/** Opens the event log and creates the topics that the service sends to or receives from. */
export const openBus = async (
  { tables, configuration, clock, log, opened }: StoreOptions,
  given: EventBus | undefined,
): Promise<EventBus | undefined> => {
  if (given === undefined && tables.messages.length === 0 && tables.consumers.length === 0) return undefined;
  const { eventsUrl, namespace, eventsTimeout, lease, backoffLimit } = configuration.runtime;
  const settings = { clientId: tables.name, timeoutMs: eventsTimeout, leaseMs: lease, backoffMaxMs: backoffLimit };
  return startStep('events', 'the event log cannot be opened', async () => {
    const bus = given ?? (await openTransport(eventsUrl, { clock, log, ...settings }));
    opened.defer(() => bus.close());
    await createServiceTopics(bus, tables.topics, namespace);
    return bus;
  });
};
