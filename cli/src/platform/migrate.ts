import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { MigrationStatus } from '@parkwise/runtime/platform';
import { UserError } from '../application/user-error.ts';
import { readPlatform, type PlatformService } from './read-platform.ts';
import { runFiles } from './run-files.ts';
import { readEnvironment, type Environment } from './environment.ts';
import { databaseUrls, provisionedUrls, withoutSecrets } from './stack-urls.ts';
import { chosenStack } from './stack/open-stack.ts';
import type { StackKind } from './stack/stack.ts';

export interface MigrateOptions {
  readonly root: string;
  /** Only these; empty: all. */
  readonly services: readonly string[];
  /** Absent: as PARKWISE_STACK says, else embedded. */
  readonly stack?: StackKind | undefined;
  readonly env: Environment;
}

/** One service's database. */
export interface MigratedDatabase {
  readonly service: string;
  /** Without what is secret in it. */
  readonly database: string;
  readonly migrations: readonly MigrationStatus[];
  /** Names of those that `migrate up` has applied now. */
  readonly applied: readonly string[];
}

/** Which migrations have been applied to the databases of the services; changes nothing and makes no file. */
export const readMigrations = (options: MigrateOptions): Promise<readonly MigratedDatabase[]> =>
  eachDatabase(options, 'as it is', async ({ url, service, directory, isThere }) => {
    const { loadMigrations, migrationStatus, openDatabase } = await import('@parkwise/runtime/platform');
    const migrations = await loadMigrations(directory);
    const file = url.startsWith('sqlite:') ? url.slice('sqlite:'.length) : undefined;
    const about = { service, database: withoutSecrets(url), applied: [] };
    if (!isThere || (file !== undefined && !existsSync(file))) {
      return { ...about, migrations: await migrationStatus(undefined, migrations) };
    }
    const database = await openDatabase(url);
    try {
      return { ...about, migrations: await migrationStatus(database, migrations) };
    } finally {
      await database.close();
    }
  });

/**
 * Applies what is pending, in databases that are made where they are missing, under the lock that starting services take as well: whoever comes second finds it done.
 *
 * @throws UserError when a migration fails; what it did is undone where the database can undo it
 */
export const applyMigrations = (options: MigrateOptions): Promise<readonly MigratedDatabase[]> =>
  eachDatabase(options, 'made', async ({ url, service, directory }) => {
    const { loadMigrations, migrationStatus, openDatabase } = await import('@parkwise/runtime/platform');
    const migrations = await loadMigrations(directory);
    const database = await openDatabase(url);
    try {
      const applied = await database.migrate(migrations);
      return {
        service,
        database: withoutSecrets(url),
        migrations: await migrationStatus(database, migrations),
        applied,
      };
    } finally {
      await database.close();
    }
  });

interface Place {
  readonly service: string;
  readonly url: string;
  /** False: nobody has made it yet, and the URL says only where it will be. */
  readonly isThere: boolean;
  /** Of its migrations. */
  readonly directory: string;
}

/** One after another: a failure is then the last that was begun. */
const eachDatabase = async (
  { root, services, ...options }: MigrateOptions,
  databases: 'as it is' | 'made',
  work: (place: Place) => Promise<MigratedDatabase>,
): Promise<readonly MigratedDatabase[]> => {
  const platform = readPlatform(root);
  const chosen = pick(platform.services, services);
  const env = readEnvironment(root, options.env);
  const stack = chosenStack(options.stack, env);
  const where = { platform: { ...platform, services: chosen }, files: runFiles(root), stack, env };
  const urls =
    databases === 'made'
      ? { databases: await provisionedUrls(where), unmade: new Map<string, string>() }
      : databaseUrls(where);
  const done: MigratedDatabase[] = [];
  for (const { name, directory } of chosen) {
    const isThere = urls.databases.has(name);
    const url = urls.databases.get(name) ?? urls.unmade.get(name);
    if (url === undefined) continue;
    try {
      done.push(await work({ service: name, url, isThere, directory: join(directory, 'migrations') }));
    } catch (error) {
      throw failure(name, error);
    }
  }
  return done;
};

const pick = (all: readonly PlatformService[], wanted: readonly string[]): readonly PlatformService[] => {
  const own = all.filter(({ external }) => !external);
  const unknown = wanted.find((name) => !own.some((service) => service.name === name));
  if (unknown !== undefined) {
    throw new UserError({
      code: 'unknown-service',
      message: `there is no service ${unknown} in parkwise.yaml`,
      nextSteps: [`Name one of: ${own.map(({ name }) => name).join(', ')}.`],
    });
  }
  return wanted.length === 0 ? own : own.filter(({ name }) => wanted.includes(name));
};

const failure = (service: string, error: unknown): unknown => {
  if (!(error instanceof Error)) return error;
  if (error.name === 'MigrationError') {
    return new UserError({
      code: 'migration',
      message: `${service}: ${error.message}`,
      nextSteps: ['Mend what the message says and run the command again: what has been applied is not applied twice.'],
      exitCode: 1,
    });
  }
  return new UserError({
    code: 'database',
    message: `${service}: the database cannot be used: ${error.message}`,
    nextSteps: ['"parkwise doctor" says what is wrong with it.'],
    exitCode: 3,
  });
};
