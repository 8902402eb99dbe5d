import { join } from 'node:path';
import { openDatabase, type Database } from '@parkwise/runtime';
import type { StackName } from '../frame/fault.ts';
import { openBroker, type Broker } from './broker.ts';
import type { Servers } from './servers.ts';

/** Where the services of one run keep their data: nobody else's, and gone afterwards. */
export interface Stores extends AsyncDisposable {
  /** As the services are told. */
  databaseUrl(service: string): string;
  readonly eventsUrl: string;
  readonly redisUrl: string;
  readonly namespace: string;
  /** A service's database, reached beside it. */
  database(service: string): Promise<Database>;
  broker(): Promise<Broker>;
  /** Creates what a service finds when it is set up. */
  prepare(services: readonly string[]): Promise<void>;
}

export interface StoresOptions {
  readonly stack: StackName;
  readonly folder: string;
  readonly namespace: string;
  /** Of the external stack. */
  readonly servers: Servers | undefined;
}

export const openStores = (options: StoresOptions): Stores => {
  const { servers, namespace } = options;
  const urls = servers ? externalUrls(servers, namespace) : embeddedUrls(options.folder);
  const databases = new Map<string, Promise<Database>>();
  let broker: Promise<Broker> | undefined;
  const prepared: string[] = [];

  return {
    ...urls.told,
    namespace,
    database(service) {
      const known = databases.get(service);
      if (known) return known;
      const opened = openDatabase(urls.beside.databaseUrl(service));
      databases.set(service, opened);
      return opened;
    },
    broker: () => (broker ??= openBroker(urls.beside.eventsUrl)),
    async prepare(services) {
      if (!servers) return;
      prepared.push(...services);
      await eachDatabase(servers.mariadb.beside, services, namespace, 'CREATE DATABASE IF NOT EXISTS');
    },
    async [Symbol.asyncDispose]() {
      for (const database of databases.values()) await (await database).close();
      if (servers) broker ??= openBroker(urls.beside.eventsUrl);
      await (await broker)?.clear(`${namespace}.`);
      await (await broker)?.close();
      if (servers) await eachDatabase(servers.mariadb.beside, prepared, namespace, 'DROP DATABASE IF EXISTS');
    },
  };
};

const embeddedUrls = (folder: string) => {
  const told = {
    databaseUrl: (service: string) => `sqlite:${join(folder, `${service}.sqlite`)}`,
    eventsUrl: `sqlite:${join(folder, 'events.sqlite')}`,
    redisUrl: '',
  };
  return { told, beside: told };
};

const databaseName = (namespace: string, service: string): string => `${namespace}_${service}`.replaceAll('-', '_');

/** Services may have to go through a proxy, the run itself never does. */
const externalUrls = ({ mariadb, kafka, redis }: Servers, namespace: string) => {
  const urls = (side: 'told' | 'beside') => ({
    databaseUrl: (service: string) => `${mariadb[side]}/${databaseName(namespace, service)}`,
    eventsUrl: kafka[side],
    redisUrl: redis[side],
  });
  return { told: urls('told'), beside: urls('beside') };
};

const eachDatabase = async (url: string, services: readonly string[], namespace: string, statement: string) => {
  if (services.length === 0) return;
  const { createConnection } = await import('mysql2/promise');
  const connection = await createConnection(url);
  try {
    for (const service of services) await connection.query(`${statement} \`${databaseName(namespace, service)}\``);
  } finally {
    await connection.end();
  }
};
