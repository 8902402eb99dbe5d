import type { Environment } from './environment.ts';
import type { Platform } from './read-platform.ts';
import { databaseFile, type RunFiles } from './run-files.ts';
import { readDatabaseServers, readServers } from './stack/read-servers.ts';
import { serviceDatabases } from './stack/service-databases.ts';
import type { StackKind } from './stack/stack.ts';

/** Where a workspace keeps its data. URLs may hold passwords: print them by {@link withoutSecrets} alone. */
export interface StackUrls {
  /** By service; services without a store have none, nor have those whose database was not made yet. */
  readonly databases: ReadonlyMap<string, string>;
  /** Services whose database was not made yet, by what reaches its server: with the administrator's rights. */
  readonly unmade: ReadonlyMap<string, string>;
  readonly events: string;
  /** Undefined if services do without. */
  readonly redis: string | undefined;
}

export interface StackUrlsOptions {
  readonly platform: Platform;
  readonly files: RunFiles;
  readonly stack: StackKind;
  /** With what `.env` adds to it. */
  readonly env: Environment;
}

/**
 * The URLs of a stack as `parkwise up` gives them to the services, from the same settings. Changes nothing: accounts are as they were made.
 *
 * @throws UserError that names what is missing or malformed, when the stack is external
 */
export const stackUrls = (options: StackUrlsOptions): StackUrls => {
  const { platform, files, stack, env } = options;
  if (stack === 'embedded') {
    return { databases: filesOf(options), unmade: new Map(), events: `sqlite:${files.eventLog}`, redis: undefined };
  }
  const servers = readServers(platform, {}, env);
  return {
    ...databasesOf(options, servers),
    events: servers.kafkaUrl,
    redis: servers.redisUrl,
  };
};

/** The same of databases alone: nobody needs to say where the other servers are. */
export const databaseUrls = (options: StackUrlsOptions): Pick<StackUrls, 'databases' | 'unmade'> =>
  options.stack === 'embedded'
    ? { databases: filesOf(options), unmade: new Map() }
    : databasesOf(options, readDatabaseServers(options.platform, options.env));

/** Makes databases and accounts as `parkwise up` does. @returns URLs by service */
export const provisionedUrls = async (options: StackUrlsOptions): Promise<ReadonlyMap<string, string>> =>
  options.stack === 'embedded'
    ? filesOf(options)
    : serviceDatabases(options.platform, readDatabaseServers(options.platform, options.env), options.files).provision();

const storesOf = ({ services }: Platform) => services.filter(({ external, store }) => !external && store === 'sql');

const filesOf = ({ platform, files }: StackUrlsOptions): ReadonlyMap<string, string> =>
  new Map(storesOf(platform).map(({ name }) => [name, `sqlite:${databaseFile(files, name)}`]));

const databasesOf = (
  { platform, files }: StackUrlsOptions,
  servers: ReturnType<typeof readDatabaseServers>,
): Pick<StackUrls, 'databases' | 'unmade'> => {
  const owned = serviceDatabases(platform, servers, files);
  const databases = owned.known();
  const missing = storesOf(platform).filter(({ name }) => !databases.has(name));
  const unmade = missing.map(({ name }) => {
    const url = new URL(servers.mariadbUrl ?? '');
    url.pathname = `/${owned.nameOf(name)}`;
    return [name, url.href] as const;
  });
  return { databases, unmade: new Map(unmade) };
};

/** `mysql://orders:***@db:3306/shop_orders`, and no parameters, which may name keys. */
export const withoutSecrets = (url: string): string =>
  url.replace(/\?.*$/s, '').replace(/^([a-z]+:\/\/)([^@]*)@/, (_, scheme: string, account: string) => {
    const user = account.split(':')[0] ?? '';
    return `${scheme}${user}${account.includes(':') ? ':***' : ''}@`;
  });
