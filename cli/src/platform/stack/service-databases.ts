import { mariadbServiceUrl, provisionMariadb } from '@parkwise/runtime/platform';
import { UserError } from '../../application/user-error.ts';
import { upperSnake } from '../environment.ts';
import type { Platform } from '../read-platform.ts';
import type { RunFiles } from '../run-files.ts';
import { databasePasswords, knownPasswords, type AccountPassword } from './database-passwords.ts';
import type { DatabaseServers } from './read-servers.ts';
import { addressesOf } from './wait-for-servers.ts';

/** The databases of the services on a server: of each service the one that it was given, or one of its own that is made for it. */
export interface ServiceDatabases {
  /** `host:port` of the server on which they are made. */
  readonly host: string;
  /** Of the database that would be made. */
  nameOf(service: string): string;
  /** By service, of those that can be reached: given ones, and those whose account was made before. */
  known(): ReadonlyMap<string, string>;
  /** Passwords of the accounts; made now where there are none. */
  passwords(): readonly string[];
  /** Makes databases and accounts, or brings them up to date. @returns the URLs of all, by service */
  provision(): Promise<ReadonlyMap<string, string>>;
}

/** MariaDB's limit for the name of a database. */
const LONGEST_NAME = 64;

/** @throws UserError when a name would be too long */
export const serviceDatabases = (platform: Platform, servers: DatabaseServers, files: RunFiles): ServiceDatabases => {
  const sql = platform.services.filter(({ external, store }) => !external && store === 'sql');
  const { mariadbUrl = '' } = servers;
  const nameOf = (service: string): string => `${servers.databasePrefix}_${service}`;
  const [host = ''] = mariadbUrl === '' ? [] : addressesOf({ url: mariadbUrl, defaultPort: 3306 });
  const provisioned = sql.filter(({ name }) => servers.databaseUrls[name] === undefined);
  const accounts = provisioned.map(({ name }) => ({
    service: name,
    database: checked(nameOf(name)),
    key: `${nameOf(name)}@${host}`,
    given: servers.passwords[name],
  }));
  const file = files.databasePasswords;
  const accountOf = (database: string, password: string) => ({ database, user: database, password });
  const urls = (passwords: Readonly<Record<string, string | undefined>>): ReadonlyMap<string, string> => {
    const own = accounts.flatMap(({ service, database, key }) => {
      const password = passwords[key];
      return password === undefined
        ? []
        : [[service, mariadbServiceUrl(mariadbUrl, accountOf(database, password))] as const];
    });
    return new Map([...Object.entries(servers.databaseUrls), ...own]);
  };
  const made = (): Readonly<Record<string, string>> => databasePasswords(file, accounts satisfies AccountPassword[]);

  return {
    host,
    nameOf,
    known: () => urls(knownPasswords(file, accounts)),
    passwords: () => Object.values(made()),
    async provision() {
      const passwords = made();
      for (const { service, database, key } of accounts) {
        try {
          await provisionMariadb(mariadbUrl, accountOf(database, passwords[key] ?? ''));
        } catch (error) {
          throw cannotProvision(service, error);
        }
      }
      return urls(passwords);
    },
  };
};

const checked = (database: string): string => {
  if (database.length <= LONGEST_NAME) return database;
  throw new UserError({
    code: 'database-name',
    message: `${database} is too long for the name of a database (${LONGEST_NAME} characters)`,
    nextSteps: ['Give a shorter PARKWISE_NAMESPACE.'],
  });
};

const cannotProvision = (service: string, error: unknown): UserError =>
  new UserError({
    code: 'provisioning',
    message: `${service} cannot be given a database: ${error instanceof Error ? error.message : String(error)}`,
    nextSteps: [
      'PARKWISE_MARIADB_URL must be of an account that may create databases and accounts, and grant rights.',
      `Or make the database yourself, and name it in PARKWISE_DATABASE_URL_${upperSnake(service)}.`,
    ],
    exitCode: 1,
  });
