import { join } from 'node:path';

/** What `.parkwise/` of a workspace holds: all of it can be thrown away while nothing runs. */
export interface RunFiles {
  readonly folder: string;
  readonly compileCache: string;
  /** SQLite files of the services and the event log. */
  readonly data: string;
  readonly eventLog: string;
  /** Who is running, for `ps` and `down`. */
  readonly run: string;
  readonly state: string;
  readonly lock: string;
  /** What a detached `up` prints. */
  readonly log: string;
  /** Keys and secrets of development, readable by their owner alone: the issuer's key is kept here. */
  readonly secrets: string;
  /** By which the services get tokens of the development issuer. */
  readonly clientSecrets: string;
  /** Signs API keys for development. */
  readonly apiKeySecret: string;
  /** Shown by whoever gives orders to the supervisor. */
  readonly controlSecret: string;
  /** Of the services' accounts on a server. */
  readonly databasePasswords: string;
  /** Where the last external stack had its events: the URL may hold a password. */
  readonly externalEvents: string;
}

/** Places under `.parkwise/` of the workspace at `root`. */
export const runFiles = (root: string): RunFiles => {
  const folder = join(root, '.parkwise');
  const data = join(folder, 'data');
  const run = join(folder, 'run');
  return {
    folder,
    compileCache: join(folder, 'cache', 'compile'),
    data,
    eventLog: join(data, 'events.sqlite'),
    run,
    state: join(run, 'state.json'),
    lock: join(run, 'lock.json'),
    log: join(run, 'up.log'),
    secrets: join(folder, 'secrets'),
    clientSecrets: join(folder, 'secrets', 'clients.json'),
    apiKeySecret: join(folder, 'secrets', 'api-key-secret'),
    controlSecret: join(folder, 'secrets', 'control-secret'),
    databasePasswords: join(folder, 'secrets', 'databases.json'),
    externalEvents: join(folder, 'secrets', 'external-events.json'),
  };
};

/** The service's own database. */
export const databaseFile = (files: RunFiles, service: string): string => join(files.data, `${service}.sqlite`);
