/**
 * knex on MariaDB through mysql2. knex's own client waits for ever for a server that hangs, and its errors carry values. What it
 * lacks in types is stated here, for the few members that are overridden.
 */
import { createRequire } from 'node:module';
import type { Knex } from 'knex';
import type { ConnectionOptions, QueryError } from 'mysql2';
import { DatabaseUnavailableError } from '../database-errors.ts';
import type { KnexQuery } from '../knex-client.ts';
import { MariadbError, translated } from './mariadb-errors.ts';
import { isUsable, runStatement, type DriverConnection, type StatementSettings } from './mariadb-connection.ts';

/** What the configuration of this client has besides knex's. */
export interface MariadbClientSettings extends StatementSettings {
  /** For mysql2. */
  readonly driver: ConnectionOptions;
  /** Run on each new connection. */
  readonly session: readonly string[];
}

interface KnexRunner {
  stream(): never;
}

interface BaseClient {
  readonly config: Knex.Config & { readonly parkwise: MariadbClientSettings };
  readonly driver: { createConnection(options: ConnectionOptions): DriverConnection };
  version: string;
  isMariaDB: boolean;
  acquireConnection(): Promise<DriverConnection>;
  runner(builder: unknown): KnexRunner;
}

const require = createRequire(import.meta.url);
const Mysql2Client = require('knex/lib/dialects/mysql2') as new (config: Knex.Config) => BaseClient;

export class MariadbClient extends Mysql2Client {
  constructor(config: Knex.Config) {
    super(config);
    // The oldest that is supported: knex need not ask each connection.
    this.version = '10.6.0';
    this.isMariaDB = true;
  }

  override async acquireConnection(): Promise<DriverConnection> {
    try {
      return await super.acquireConnection();
    } catch (error) {
      const known = translated(error);
      if (known instanceof MariadbError) throw known;
      throw new DatabaseUnavailableError(`No connection to the database: ${known.message}`, {
        isLost: false,
        cause: known,
      });
    }
  }

  async acquireRawConnection(): Promise<DriverConnection> {
    const { driver, session } = this.config.parkwise;
    const connection = this.driver.createConnection({ ...driver });
    // Stays: an error of a connection that nobody uses any more must not end the process. The pool looks whether it is usable.
    connection.on('error', () => undefined);
    try {
      await new Promise<void>((resolve, reject) => {
        connection.connect((error: QueryError | null) => (error ? reject(error) : resolve()));
      });
      for (const sql of session) await this._query(connection, { sql });
      return connection;
    } catch (error) {
      connection.stream.destroy();
      throw translated(error);
    }
  }

  /** Says goodbye, and does not wait for the answer: a server that hangs gives none. */
  async destroyRawConnection(connection: DriverConnection): Promise<void> {
    if (isUsable(connection)) connection.end(() => undefined);
    connection.stream.destroySoon();
  }

  validateConnection(connection: DriverConnection): boolean {
    return isUsable(connection);
  }

  async _query(connection: DriverConnection, query: KnexQuery): Promise<KnexQuery> {
    if (!query.sql) throw new Error('The query is empty');
    query.response = await runStatement(connection, query, this.config.parkwise);
    return query;
  }

  override runner(builder: unknown): KnexRunner {
    const runner = super.runner(builder);
    // It would go around the timeouts, and knex gives the connection back twice when a stream fails.
    runner.stream = () => {
      throw new Error('Streams are not offered: page through the rows with a limit');
    };
    return runner;
  }
}
