import { emptyMariadb, readMariadbDemoState } from '@parkwise/runtime/platform';
import { demoDone, demoNotes, demoOver, readMarker, writeMarker } from '../demo-data.ts';
import { upperSnake } from '../environment.ts';
import { writePrivateFile } from '../private-file.ts';
import type { Platform } from '../read-platform.ts';
import type { RunFiles } from '../run-files.ts';
import type { Servers } from './read-servers.ts';
import type { RememberedEvents } from './remembered-events.ts';
import { serviceDatabases } from './service-databases.ts';
import type { PrepareOptions, Stack } from './stack.ts';
import { waitForServers, type AwaitedServer } from './wait-for-servers.ts';

export interface ExternalStackOptions {
  readonly platform: Platform;
  readonly servers: Servers;
  readonly files: RunFiles;
  /** How long servers are waited for. */
  readonly waitMs: number;
}

/** Servers that somebody else runs: each service gets a database and an account there that reaches no other's. */
export const externalStack = ({ platform, servers, files, waitMs }: ExternalStackOptions): Stack => {
  const databases = serviceDatabases(platform, servers, files);
  const passwords = databases.passwords();
  let urls = databases.known();

  /** Under what name we remember whether its database was filled: of another server we know nothing. */
  const memory = (service: string): string =>
    `external.${databases.nameOf(service)}@${databases.host.replaceAll(/[^\w.-]/g, '_')}`;

  return {
    kind: 'external',
    async prepare(_platform: Platform, options: PrepareOptions) {
      await waitForServers(awaited(servers), { ...options, waitMs });
      urls = await databases.provision();
      const remembered: RememberedEvents = { eventsUrl: servers.kafkaUrl, namespace: servers.namespace };
      writePrivateFile(files.externalEvents, remembered);
    },
    settings: ({ name, store }) => ({
      PARKWISE_DATABASE_URL: store === 'none' ? 'sqlite::memory:' : (urls.get(name) ?? ''),
      PARKWISE_EVENTS_URL: servers.kafkaUrl,
      ...(servers.redisUrl === undefined ? {} : { PARKWISE_REDIS_URL: servers.redisUrl }),
      ...(servers.namespace === '' ? {} : { PARKWISE_NAMESPACE: servers.namespace }),
    }),
    async wantsDemo(service) {
      const url = urls.get(service.name);
      if (!service.demo || service.store === 'none' || url === undefined) return false;
      return wantsToFill(files, memory(service.name), url);
    },
    demoDone: (service, notes) => demoDone(files, memory(service), notes),
    demoOver: (service) => demoOver(files, memory(service)),
    demoNotes: (service) => demoNotes(files, memory(service)),
    secrets: [
      ...[servers.mariadbUrl, servers.kafkaUrl, servers.redisUrl].filter((url) => url !== undefined),
      ...Object.values(servers.databaseUrls),
      ...passwords,
    ],
  };
};

/** As on the embedded stack: only an empty database is filled, and one whose filling we saw cut off is emptied first. */
const wantsToFill = async (files: RunFiles, name: string, url: string): Promise<boolean> => {
  const known = await readMariadbDemoState(url);
  if (known.state === 'filled') {
    demoDone(files, name, known.notes);
    return false;
  }
  if (known.state === 'unfinished') {
    if (readMarker(files, name)?.state !== 'filling') return false;
    await emptyMariadb(url);
  }
  writeMarker(files, name, { state: 'filling', notes: [] });
  return true;
};

const awaited = ({ mariadbUrl, databaseUrls, kafkaUrl, redisUrl }: Servers): readonly AwaitedServer[] => {
  const mariadb = { name: 'MariaDB', defaultPort: 3306 };
  return [
    ...(mariadbUrl === undefined ? [] : [{ ...mariadb, setting: 'PARKWISE_MARIADB_URL', url: mariadbUrl }]),
    ...Object.entries(databaseUrls).map(([service, url]) => ({
      ...mariadb,
      setting: `PARKWISE_DATABASE_URL_${upperSnake(service)}`,
      url,
    })),
    { name: 'Kafka', setting: 'PARKWISE_KAFKA_URL', url: kafkaUrl, defaultPort: 9092 },
    ...(redisUrl === undefined
      ? []
      : [{ name: 'Redis', setting: 'PARKWISE_REDIS_URL', url: redisUrl, defaultPort: 6379 }]),
  ];
};
