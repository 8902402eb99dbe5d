import { urlCredentials, weaknessOf } from '@parkwise/runtime/platform';
import { UserError } from '../../application/user-error.ts';
import { readSecret, upperSnake, type Environment } from '../environment.ts';
import type { Platform, PlatformService } from '../read-platform.ts';

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

interface Wanted {
  readonly name: string;
  readonly setting: string;
  readonly flag: string;
  readonly form: RegExp;
  readonly example: string;
}

const MARIADB: Wanted = {
  name: 'MariaDB',
  setting: 'PARKWISE_MARIADB_URL',
  flag: '--mariadb-url',
  form: /^mysql:\/\/[^\s/?#]+@[^\s/?#@]+(?:\/[^\s?#]*)?(?:\?\S*)?$/,
  example: 'mysql://root:password@127.0.0.1:3306',
};
const KAFKA: Wanted = {
  name: 'Kafka',
  setting: 'PARKWISE_KAFKA_URL',
  flag: '--kafka-url',
  form: /^kafka:\/\/(?:[^\s/?#]+@)?[^\s/?#@]+\/?(?:\?\S*)?$/,
  example: 'kafka://127.0.0.1:9092',
};
const REDIS: Wanted = {
  name: 'Redis',
  setting: 'PARKWISE_REDIS_URL',
  flag: '--redis-url',
  form: /^rediss?:\/\/(?:[^\s/?#]*@)?[^\s/?#@]+(?:\/\d*)?(?:\?\S*)?$/,
  example: 'redis://127.0.0.1:6379',
};
const DATABASE: Omit<Wanted, 'setting' | 'flag'> = {
  name: 'a database',
  form: /^mysql:\/\/[^\s/?#]+@[^\s/?#@]+\/[^\s/?#]+(?:\?\S*)?$/,
  example: 'mysql://user:password@127.0.0.1:3306/database',
};

const NAMESPACE = /^[a-z][a-z0-9-]{0,30}$/;

/**
 * Where the servers are: by flag, else by environment (`NAME_FILE` before `NAME`), else by `.env`, which `env` has taken in already.
 *
 * @throws UserError (exit code 2) that names everything that is missing, malformed, or too weak for production, without showing it
 */
export const readServers = (platform: Platform, flags: ServerFlags, env: Environment): Servers => {
  const faults: string[] = [];
  const isProduction = env['PARKWISE_MODE'] === 'production';
  const read = (wanted: Wanted, flag: string | undefined): string | undefined => {
    const url = flag ?? readSecret(env, wanted.setting);
    if (url === undefined)
      faults.push(`${wanted.setting} is not set: where is ${wanted.name}? (such as ${wanted.example})`);
    else if (!wanted.form.test(url) && !(wanted === REDIS && url === 'none'))
      faults.push(`${wanted.setting} is no URL of ${wanted.name} (such as ${wanted.example})`);
    else {
      if (isProduction && url !== 'none') faults.push(...weakUrl(url, wanted.setting, env));
      return url;
    }
    return undefined;
  };
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
  const mariadbUrl = needsServer ? read(MARIADB, flags.mariadbUrl) : undefined;
  const kafkaUrl = read(KAFKA, flags.kafkaUrl);
  const redisUrl = read(REDIS, flags.redisUrl);
  const namespace = env['PARKWISE_NAMESPACE'] ?? '';
  if (namespace !== '' && !NAMESPACE.test(namespace))
    faults.push('PARKWISE_NAMESPACE is no name: small letters, digits and hyphens, at most 31, a letter first');
  if (faults.length > 0) throw wrongServers(faults);
  return {
    ...(mariadbUrl === undefined ? {} : { mariadbUrl }),
    kafkaUrl: kafkaUrl ?? '',
    ...(redisUrl === undefined || redisUrl === 'none' ? {} : { redisUrl }),
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

const weakUrl = (url: string, setting: string, env: Environment): readonly string[] => {
  const { user = '', password = '' } = urlCredentials(url) ?? {};
  if (password === '') {
    if (env['PARKWISE_TRUSTED_NETWORK'] === 'true' || /[?&]tlsCert=./.test(url)) return [];
    return [
      `${setting} has no password, which production asks for (PARKWISE_TRUSTED_NETWORK=true where nobody else can reach it)`,
    ];
  }
  const why = weaknessOf(password, [user]);
  return why === undefined ? [] : [`${setting} has a password that is too weak for production: ${why}`];
};

const wrongServers = (faults: readonly string[]): UserError =>
  new UserError({
    code: 'servers',
    message: `the external stack cannot be used as it is set up:\n${faults.map((fault) => `  ${fault}`).join('\n')}`,
    nextSteps: [
      'Set the variables in the environment or in .env of the workspace, or name files that hold them (<NAME>_FILE).',
      `Flags do as well: ${[MARIADB, KAFKA, REDIS].map(({ flag, example }) => `${flag} ${example}`).join(' ')}`,
      'Characters such as @ : / in a password are written as %40 %3A %2F. Without live updates: --redis-url none.',
    ],
  });
