import { urlCredentials, weaknessOf } from '@parkwise/runtime/platform';
import { UserError } from '../../application/user-error.ts';
import { readSecret, type Environment } from '../environment.ts';
import type { StackKind } from './stack.ts';

/** A server that a setting names. */
export interface ServerSetting {
  readonly name: string;
  readonly setting: string;
  readonly flag: string;
  readonly form: RegExp;
  readonly example: string;
}

export const MARIADB: ServerSetting = {
  name: 'MariaDB',
  setting: 'PARKWISE_MARIADB_URL',
  flag: '--mariadb-url',
  form: /^mysql:\/\/[^\s/?#]+@[^\s/?#@]+(?:\/[^\s?#]*)?(?:\?\S*)?$/,
  example: 'mysql://root:password@127.0.0.1:3306',
};
export const KAFKA: ServerSetting = {
  name: 'Kafka',
  setting: 'PARKWISE_KAFKA_URL',
  flag: '--kafka-url',
  form: /^kafka:\/\/(?:[^\s/?#]+@)?[^\s/?#@]+\/?(?:\?\S*)?$/,
  example: 'kafka://127.0.0.1:9092',
};
export const REDIS: ServerSetting = {
  name: 'Redis',
  setting: 'PARKWISE_REDIS_URL',
  flag: '--redis-url',
  form: /^rediss?:\/\/(?:[^\s/?#]*@)?[^\s/?#@]+(?:\/\d*)?(?:\?\S*)?$/,
  example: 'redis://127.0.0.1:6379',
};
export const DATABASE: Omit<ServerSetting, 'setting' | 'flag'> = {
  name: 'a database',
  form: /^mysql:\/\/[^\s/?#]+@[^\s/?#@]+\/[^\s/?#]+(?:\?\S*)?$/,
  example: 'mysql://user:password@127.0.0.1:3306/database',
};

/**
 * Where a server is: by flag, else by environment (`NAME_FILE` before `NAME`), else by `.env`, which `env` has taken in already.
 *
 * @returns undefined when nothing says it, or says it wrongly, which is added to `faults` without showing it
 */
export const readServerUrl = (
  wanted: ServerSetting,
  { flag, env, faults }: { readonly flag: string | undefined; readonly env: Environment; readonly faults: string[] },
): string | undefined => {
  const url = flag ?? readSecret(env, wanted.setting);
  if (url === undefined)
    faults.push(`${wanted.setting} is not set: where is ${wanted.name}? (such as ${wanted.example})`);
  else if (!wanted.form.test(url) && !(wanted === REDIS && url === 'none'))
    faults.push(`${wanted.setting} is no URL of ${wanted.name} (such as ${wanted.example})`);
  else {
    if (env['PARKWISE_MODE'] === 'production' && url !== 'none') faults.push(...weakUrl(url, wanted.setting, env));
    return url;
  }
  return undefined;
};

/**
 * Redis for a stack that can do without: undefined if it is not named, or `none`.
 *
 * @throws UserError (exit code 2) as for all servers
 */
export const readRedisUrl = (stack: StackKind, flag: string | undefined, env: Environment): string | undefined => {
  if ((flag ?? readSecret(env, REDIS.setting)) === undefined) return undefined;
  const faults: string[] = [];
  const url = readServerUrl(REDIS, { flag, env, faults });
  if (faults.length > 0) throw wrongServers(stack, faults);
  return url === 'none' ? undefined : url;
};

/** Why production must not use it. */
export const weakUrl = (url: string, setting: string, env: Environment): readonly string[] => {
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

/** @param stack the one that was asked for */
export const wrongServers = (stack: StackKind, faults: readonly string[]): UserError =>
  new UserError({
    code: 'servers',
    message: `the ${stack} stack cannot be used as it is set up:\n${faults.map((fault) => `  ${fault}`).join('\n')}`,
    nextSteps: [
      'Set the variables in the environment or in .env of the workspace, or name files that hold them (<NAME>_FILE).',
      `Flags do as well: ${[MARIADB, KAFKA, REDIS].map(({ flag, example }) => `${flag} ${example}`).join(' ')}`,
      'Characters such as @ : / in a password are written as %40 %3A %2F. Without live updates: --redis-url none.',
    ],
  });
