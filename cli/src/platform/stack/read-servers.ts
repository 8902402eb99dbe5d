import { weaknessOf } from '@parkwise/runtime/platform';
import { readSecret, upperSnake, type Environment } from '../environment.ts';
import type { Platform, PlatformService } from '../read-platform.ts';
import { DATABASE, KAFKA, MARIADB, REDIS, readServerUrl, weakUrl, wrongServers } from './server-url.ts';

/** The servers of the external stack, as the user names them. */
export interface Servers {
  /** As whom databases and accounts are made; absent where every service was given a database of its own. */
  readonly mariadbUrl?: string;
  readonly kafkaUrl: string;
  /** Absent: `none` was said. */
  readonly redisUrl?: string;
  /** Stands before the names of databases and accounts. */
  readonly databasePrefix: string;
  /** Stands before topics and consumer groups; '' if none was given. */
  readonly namespace: string;
  /** URLs of databases that services were given, by service. */
  readonly databaseUrls: Readonly<Record<string, string>>;
  /** Passwords that the accounts of services are to have, by service. */
  readonly passwords: Readonly<Record<string, string>>;
}

/** From flags; each wins over the environment. */
export interface ServerFlags {
  readonly mariadbUrl?: string;
  readonly kafkaUrl?: string;
  readonly redisUrl?: string;
}

const NAMESPACE = /^[a-z][a-z0-9-]{0,30}$/;

/** The part of {@link Servers} that databases need. */
export type DatabaseServers = Omit<Servers, 'kafkaUrl' | 'redisUrl'>;

interface Reading {
  readonly platform: Platform;
  readonly flags: ServerFlags;
  readonly env: Environment;
  /** What is found wrong. */
  readonly faults: string[];
}

/**
 * Where the servers are: by flag, else by environment (`NAME_FILE` before `NAME`), else by `.env`, which `env` has taken in already.
 *
 * @throws UserError (exit code 2) that names everything that is missing, malformed, or too weak for production, without showing it
 */
export const readServers = (platform: Platform, flags: ServerFlags, env: Environment): Servers => {
  const faults: string[] = [];
  const databases = readDatabases({ platform, flags, env, faults });
  const kafkaUrl = readServerUrl(KAFKA, { flag: flags.kafkaUrl, env, faults });
  const redisUrl = readServerUrl(REDIS, { flag: flags.redisUrl, env, faults });
  if (faults.length > 0) throw wrongServers('external', faults);
  return {
    ...databases,
    kafkaUrl: kafkaUrl ?? '',
    ...(redisUrl === undefined || redisUrl === 'none' ? {} : { redisUrl }),
  };
};

/** The same of MariaDB alone, for whoever needs no other. @throws UserError (exit code 2) as above */
export const readDatabaseServers = (platform: Platform, env: Environment): DatabaseServers => {
  const faults: string[] = [];
  const databases = readDatabases({ platform, flags: {}, env, faults });
  if (faults.length > 0) throw wrongServers('external', faults);
  return databases;
};

const readDatabases = ({ platform, flags, env, faults }: Reading): DatabaseServers => {
  const isProduction = env['PARKWISE_MODE'] === 'production';
  const sql = platform.services.filter(({ external, store }) => !external && store === 'sql');
  const databaseUrls = given(sql, 'PARKWISE_DATABASE_URL', env);
  for (const [service, url] of Object.entries(databaseUrls)) {
    const setting = `PARKWISE_DATABASE_URL_${upperSnake(service)}`;
    if (!DATABASE.form.test(url)) faults.push(`${setting} is no URL of a database (such as ${DATABASE.example})`);
    else if (isProduction) faults.push(...weakUrl(url, setting, env));
  }
  const passwords = given(sql, 'PARKWISE_DATABASE_PASSWORD', env);
  for (const [service, password] of isProduction ? Object.entries(passwords) : []) {
    const why = weaknessOf(password, [service, platform.name]);
    if (why !== undefined)
      faults.push(`PARKWISE_DATABASE_PASSWORD_${upperSnake(service)} is too weak for production: ${why}`);
  }
  const needsServer = sql.some(({ name }) => databaseUrls[name] === undefined);
  const mariadbUrl = needsServer ? readServerUrl(MARIADB, { flag: flags.mariadbUrl, env, faults }) : undefined;
  const namespace = env['PARKWISE_NAMESPACE'] ?? '';
  if (namespace !== '' && !NAMESPACE.test(namespace))
    faults.push('PARKWISE_NAMESPACE is no name: small letters, digits and hyphens, at most 31, a letter first');
  return {
    ...(mariadbUrl === undefined ? {} : { mariadbUrl }),
    databasePrefix: namespace === '' ? platform.name : namespace,
    namespace,
    databaseUrls,
    passwords,
  };
};

/** What services were given one by one: `<PREFIX>_<SERVICE>`. */
const given = (
  services: readonly PlatformService[],
  prefix: string,
  env: Environment,
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    services.flatMap(({ name }) => {
      const value = readSecret(env, `${prefix}_${upperSnake(name)}`);
      return value === undefined ? [] : [[name, value]];
    }),
  );
