/** What a platform of a test keeps its data in: files of its own, or its part of the real servers. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import * as backends from '../../runtime/test/backends.ts';
import { openBroker } from '../faults/world/broker.ts';

export type StackName = 'embedded' | 'external';

const servers = [backends.mariadb, backends.kafka, backends.redis];

/** Journeys run on each of them: `t.test(stack.name, { skip: stack.skip }, …)`. */
export const stacks: readonly { readonly name: StackName; readonly skip: false | string }[] = [
  { name: 'embedded', skip: false },
  { name: 'external', skip: servers.map(({ skip }) => skip).find((skip) => skip !== false) ?? false },
];

/** The part of a stack that one platform has. */
export interface Store {
  /** For `parkwise up`. */
  readonly flags: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** A service's database, for whoever looks at it from beside. */
  databaseUrl(service: string): string;
  remove(): Promise<void>;
}

export const openStore = (stack: StackName, root: string): Store =>
  stack === 'embedded'
    ? {
        flags: [],
        env: {},
        databaseUrl: (service) => `sqlite:${join(root, '.parkwise/data', `${service}.sqlite`)}`,
        remove: async () => undefined,
      }
    : onServers(`e2e-${randomBytes(4).toString('hex')}`);

const onServers = (namespace: string): Store => ({
  flags: ['--stack', 'external'],
  env: {
    PARKWISE_NAMESPACE: namespace,
    PARKWISE_MARIADB_URL: backends.mariadb.url,
    PARKWISE_KAFKA_URL: backends.kafka.url,
    PARKWISE_REDIS_URL: backends.redis.url,
  },
  databaseUrl: (service) => `${backends.mariadb.url.replace(/\/$/, '')}/${namespace}_${service}`,
  async remove() {
    const connection = await createConnection(backends.mariadb.url);
    const [rows] = await connection.query('SHOW DATABASES');
    const names = (rows as { readonly Database: string }[]).map((row) => row.Database);
    for (const name of names.filter((one) => one.startsWith(`${namespace}_`))) {
      await connection.query('DROP DATABASE ??', [name]);
      await connection.query('DROP USER IF EXISTS ?@?', [name, '%']);
    }
    await connection.end();
    const broker = await openBroker(backends.kafka.url);
    await broker.clear(`${namespace}.`);
    await broker.close();
  },
});
