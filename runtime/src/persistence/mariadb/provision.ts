import { administer, type Run } from './administer.ts';
import { mariadbAddress } from './mariadb-url.ts';
import { serviceUrl } from './service-url.ts';

export interface MariadbAccount {
  readonly database: string;
  readonly user: string;
  readonly password: string;
}

/** What a service needs of its own database: rows, and tables for its migrations. */
const RIGHTS = ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'CREATE', 'ALTER', 'DROP', 'INDEX', 'REFERENCES'];

const NAME = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * Creates the database of a service and an account that reaches this database alone, and no other's. Again, it changes the password to
 * the one given, takes back rights that the account should not have, and leaves the data alone.
 *
 * Where the administrator's URL asks for TLS, the account cannot be used without it.
 *
 * @returns the URL for the service, with the host and the options of TLS of the administrator's
 * @throws Error without passwords
 */
export async function provisionMariadb(adminUrl: string, account: MariadbAccount): Promise<string> {
  const { database, user, password } = account;
  for (const name of [database, user]) {
    if (!NAME.test(name))
      throw new Error(`"${name}" is no name for a database or a user: letters, digits, _ and - alone`);
  }
  if (password === '') throw new Error(`The account ${user} must have a password`);
  const { tls } = mariadbAddress(adminUrl);
  await administer(adminUrl, async (run) => {
    await run('CREATE DATABASE IF NOT EXISTS ?? CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin', [database]);
    const who = '?@? IDENTIFIED BY ?' + (tls ? ' REQUIRE SSL' : ' REQUIRE NONE');
    await run(`CREATE USER IF NOT EXISTS ${who}`, [user, '%', password]);
    await run(`ALTER USER ${who}`, [user, '%', password]);
    await limitRights(run, account);
  });
  return serviceUrl(adminUrl, account);
}

/** Rights that are as they should be are not touched: the service may be at work with them. */
async function limitRights(run: Run, { database, user }: MariadbAccount): Promise<void> {
  // In a GRANT an underscore stands for any character, and with it for the database of somebody else.
  const pattern = database.replaceAll('_', '\\_');
  const grants = (await run('SHOW GRANTS FOR ?@?', [user, '%'])).map((row) => String(Object.values(row)[0]));
  const wanted = `GRANT ${RIGHTS.join(', ')} ON \`${pattern}\`.* `;
  const isExtra = (grant: string): boolean =>
    !grant.startsWith('GRANT USAGE ON *.*') && !normal(grant).startsWith(normal(wanted));
  if (grants.some((grant) => isExtra(grant) || grant.includes('WITH GRANT OPTION'))) {
    await run('REVOKE ALL PRIVILEGES, GRANT OPTION FROM ?@?', [user, '%']);
  }
  await run(`GRANT ${RIGHTS.join(', ')} ON ??.* TO ?@?`, [pattern, user, '%']);
}

/** Rights in any order, the database's name as the server writes it. */
function normal(grant: string): string {
  const [, rights = '', rest = ''] = /^GRANT (.*?) ON (\S+)/.exec(grant) ?? [];
  return `${rights.split(', ').toSorted().join()} ON ${rest}`;
}
