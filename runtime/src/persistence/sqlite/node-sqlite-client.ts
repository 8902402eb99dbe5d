/**
 * knex on `node:sqlite`. knex has no such dialect, so its better-sqlite3 one is told to use another driver. What it lacks in types
 * is stated here, for the few members that are overridden.
 */
import { createRequire } from 'node:module';
import type { Knex } from 'knex';
import type { KnexQuery } from '../knex-client.ts';
import { NodeSqliteConnection, type ConnectionSettings } from './node-sqlite-connection.ts';

interface KnexRunner {
  stream(): never;
}

interface BaseClient {
  readonly config: Knex.Config & { readonly connection: ConnectionSettings };
  readonly connectionSettings: ConnectionSettings;
  runner(builder: unknown): KnexRunner;
}

const require = createRequire(import.meta.url);
const BetterSqlite3Client = require('knex/lib/dialects/better-sqlite3') as new (config: Knex.Config) => BaseClient;

export class NodeSqliteClient extends BetterSqlite3Client {
  _driver(): object {
    return {};
  }

  acquireRawConnection(): Promise<NodeSqliteConnection> {
    return NodeSqliteConnection.open(this.connectionSettings);
  }

  async destroyRawConnection(connection: NodeSqliteConnection): Promise<void> {
    connection.close();
  }

  async _query(connection: NodeSqliteConnection, query: KnexQuery): Promise<KnexQuery> {
    if (!query.sql) throw new Error('The query is empty');
    const { rows, lastID, changes } = await connection.run(query.sql, query.bindings ?? []);
    return Object.assign(query, {
      response: rows ?? { lastInsertRowid: lastID, changes },
      context: { lastID, changes },
    });
  }

  override runner(builder: unknown): KnexRunner {
    const runner = super.runner(builder);
    // knex gives the connection back twice when a stream fails, so that two callers then share it.
    runner.stream = () => {
      throw new Error('Streams are not offered on SQLite: page through the rows with a limit');
    };
    return runner;
  }
}
