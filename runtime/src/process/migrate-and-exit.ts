import { loadConfiguration } from '../configuration/load-configuration.ts';
import { createLogger, type LoggerOptions } from '../observability/create-logger.ts';
import type { AnyServiceDefinition } from './any-service-definition.ts';
import { openStore } from './open-store.ts';
import type { ServiceDefinition } from './service-definition.ts';
import { startStep } from './start-error.ts';
import { systemClock } from './system-clock.ts';

/** For a container that runs before the service's: exit status 0 once the database is up to date, 2 if it cannot be. */
export const migrateAndExit = async (service: AnyServiceDefinition): Promise<void> => {
  const { tables } = service as ServiceDefinition;
  try {
    await using opened = new AsyncDisposableStack();
    const configuration = await startStep('configuration', 'the settings cannot be read', () =>
      loadConfiguration(tables, process.env),
    );
    const level = configuration.runtime.logLevel as NonNullable<LoggerOptions['level']>;
    const log = createLogger({ service: tables.name, level });
    await openStore({ tables, configuration, clock: systemClock, log, opened });
    log.info({}, 'the database is up to date');
  } catch (error) {
    process.stderr.write(`cannot migrate: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  }
  process.exit();
};
