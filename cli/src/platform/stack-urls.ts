import { existsSync, readFileSync } from 'node:fs';
import { UserError } from '../application/user-error.ts';
import type { Platform } from './read-platform.ts';
import { databaseFile, type RunFiles } from './run-files.ts';

/** `embedded`: files under `.parkwise/`. `external`: servers, by URL. */
export type Stack = 'embedded' | 'external';

/** Where a workspace keeps its data. URLs may hold passwords: print them by {@link withoutSecrets} alone. */
export interface StackUrls {
  /** By service; services without a store have none. */
  readonly databases: ReadonlyMap<string, string>;
  /** Undefined if it is not set. */
  readonly events: string | undefined;
  readonly redis: string | undefined;
}

export interface StackUrlsOptions {
  readonly platform: Platform;
  readonly files: RunFiles;
  readonly stack: Stack;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const upperSnake = (name: string): string => name.replace(/[^A-Za-z0-9]+/g, '_').toUpperCase();

/**
 * The URLs of a stack. External ones come from the environment, each also as `*_FILE`: `PARKWISE_DATABASE_URL_<SERVICE>`, or one
 * `PARKWISE_DATABASE_URL` of the server, where each service has the database `<namespace>_<service>`.
 *
 * @throws UserError when the stack is external and a service's database is not named
 */
export const stackUrls = ({ platform, files, stack, env }: StackUrlsOptions): StackUrls => {
  const stores = platform.services.filter(({ external, store }) => !external && store === 'sql');
  if (stack === 'embedded') {
    const databases = stores.map(({ name }) => [name, `sqlite:${databaseFile(files, name)}`] as const);
    return { databases: new Map(databases), events: `sqlite:${files.eventLog}`, redis: undefined };
  }
  const read = (name: string): string | undefined => settingOf(env, name);
  const server = read('PARKWISE_DATABASE_URL');
  const prefix = read('PARKWISE_NAMESPACE') ?? platform.name;
  const databases = stores.map(({ name }) => {
    const own = read(`PARKWISE_DATABASE_URL_${upperSnake(name)}`);
    return [name, own ?? (server && inServer(server, `${prefix}_${name}`))] as const;
  });
  const missing = databases.filter(([, url]) => url === undefined).map(([name]) => name);
  if (missing.length > 0) {
    throw new UserError({
      code: 'no-database-url',
      message: `nothing says where the database of ${missing.join(', ')} is`,
      nextSteps: [
        'Set PARKWISE_DATABASE_URL to mysql://user:password@host:3306 (or name a file that holds it in PARKWISE_DATABASE_URL_FILE), or',
        `set one for each service: ${missing.map((name) => `PARKWISE_DATABASE_URL_${upperSnake(name)}`).join(', ')}.`,
      ],
    });
  }
  return {
    databases: new Map(databases.flatMap(([name, url]) => (url === undefined ? [] : [[name, url] as const]))),
    events: read('PARKWISE_EVENTS_URL'),
    redis: read('PARKWISE_REDIS_URL'),
  };
};

const settingOf = (env: StackUrlsOptions['env'], name: string): string | undefined => {
  const file = env[`${name}_FILE`];
  if (file === undefined || file === '') return env[name] || undefined;
  if (!existsSync(file)) {
    throw new UserError({
      code: 'no-secret-file',
      message: `the file that ${name}_FILE names is not there: ${file}`,
      nextSteps: ['Mend the path, or unset the variable.'],
    });
  }
  return readFileSync(file, 'utf8').trim() || undefined;
};

/** A URL of a server with the database put in, unless it names one. */
const inServer = (url: string, database: string): string => {
  const parsed = URL.parse(url);
  if (!parsed || (parsed.pathname !== '' && parsed.pathname !== '/')) return url;
  parsed.pathname = `/${database}`;
  return parsed.href;
};

/** `mysql://orders:***@db:3306/shop_orders`, and no parameters, which may name keys. */
export const withoutSecrets = (url: string): string =>
  url.replace(/\?.*$/s, '').replace(/^([a-z]+:\/\/)([^@]*)@/, (_, scheme: string, account: string) => {
    const user = account.split(':')[0] ?? '';
    return `${scheme}${user}${account.includes(':') ? ':***' : ''}@`;
  });
