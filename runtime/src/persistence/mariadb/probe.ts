import { randomBytes } from 'node:crypto';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import { mariadbAddress, type MariadbAddress } from './mariadb-url.ts';

/** What can be known of a service's database by looking at it as the service would. */
export interface MariadbProbe {
  /** As the server says it: `10.11.6-MariaDB-0+deb12u1`. */
  readonly version: string;
  readonly database: string;
  /** What a service does and this account must not: `CREATE TABLE: <the server's words>`. */
  readonly missingRights: readonly string[];
  /** Databases that the account can see besides its own and those of the server. */
  readonly otherDatabases: readonly string[];
  /** The server's clock less ours. */
  readonly clockOffsetMs: number;
  /** Half of the way there and back: the offset is not known better than that. */
  readonly clockErrorMs: number;
}

const OWN = new Set(['information_schema', 'performance_schema', 'mysql', 'sys']);

/**
 * Connects as the URL says and tries what services need, in a table of its own that is dropped again.
 *
 * @throws Error of mysql2 with its `code`, when the server cannot be reached or refuses the account
 */
export const probeMariadb = async (url: string, { timeoutMs = 5_000 } = {}): Promise<MariadbProbe> => {
  const address = mariadbAddress(url);
  const connection = await connect(address, timeoutMs);
  // A server that goes away under the probe: the statement that runs is told, and nobody else needs to be.
  connection.on('error', () => undefined);
  try {
    const [version, databases, clock] = [
      await one<{ version: string }>(connection, 'select version() as version'),
      await rows<Record<string, string>>(connection, 'show databases'),
      await clockOf(connection),
    ];
    const names = databases.map((row) => Object.values(row)[0] ?? '');
    return {
      version: version?.version ?? '',
      database: address.database,
      missingRights: await missingRights(connection),
      otherDatabases: names.filter((name) => !OWN.has(name) && name !== address.database),
      ...clock,
    };
  } finally {
    connection.destroy();
  }
};

const connect = async (address: MariadbAddress, timeoutMs: number): Promise<Connection> => {
  const { createConnection } = await import('mysql2/promise');
  const { host, port, user, password, database, tls } = address;
  return createConnection({
    host,
    port,
    user,
    password,
    ...(database !== '' && { database }),
    connectTimeout: timeoutMs,
    timezone: 'Z',
    ...(tls && {
      ssl: {
        rejectUnauthorized: true,
        verifyIdentity: true,
        ...(tls.ca !== undefined && { ca: tls.ca }),
        ...(tls.cert !== undefined && { cert: tls.cert }),
        ...(tls.key !== undefined && { key: tls.key }),
      },
    }),
  });
};

const rows = async <R>(connection: Connection, sql: string): Promise<readonly R[]> =>
  (await connection.query<RowDataPacket[]>({ sql, timeout: 5_000 }))[0] as unknown as R[];

const one = async <R>(connection: Connection, sql: string): Promise<R | undefined> =>
  (await rows<R>(connection, sql))[0];

const clockOf = async (connection: Connection) => {
  const before = Date.now();
  const row = await one<{ now: string | number }>(connection, 'select unix_timestamp(now(6)) as now');
  const after = Date.now();
  const middle = (before + after) / 2;
  return { clockOffsetMs: Math.round(Number(row?.now) * 1000 - middle), clockErrorMs: Math.ceil((after - before) / 2) };
};

/** Tried, not read from the grants: roles, wildcards and defaults make those hard to read right. */
const missingRights = async (connection: Connection): Promise<readonly string[]> => {
  const table = `parkwise_probe_${randomBytes(6).toString('hex')}`;
  const attempts = [
    ['CREATE TABLE', `create table ${table} (id int primary key, note varchar(10)) engine=InnoDB`],
    ['ALTER', `alter table ${table} add column more int`],
    ['INDEX', `create index ${table}_note on ${table} (note)`],
    ['INSERT', `insert into ${table} (id, note) values (1, 'x')`],
    ['UPDATE', `update ${table} set note = 'y' where id = 1`],
    ['SELECT ... FOR UPDATE', `select id from ${table} where id = 1 for update`],
    ['DELETE', `delete from ${table} where id = 1`],
    ['GET_LOCK', `do get_lock('${table}', 0)`],
    ['DROP', `drop table ${table}`],
  ] as const;
  const missing: string[] = [];
  for (const [right, sql] of attempts) {
    try {
      await connection.query({ sql, timeout: 5_000 });
    } catch (error) {
      missing.push(`${right}: ${error instanceof Error ? error.message : String(error)}`);
      // The rest would fail for want of the table.
      if (right === 'CREATE TABLE') break;
    }
  }
  return missing;
};
