/**
 * What tools around services use: the event log, the development issuer, databases. Each part is loaded when it is first asked for, so
 * that a supervisor which needs one of them does not carry the others.
 */
import type { EventLog, TopicDescription } from './messaging/event-bus.ts';
import type { OpenBusOptions } from './messaging/open-bus.ts';
import type { MariadbDemoState } from './persistence/mariadb/demo-database.ts';
import type { MariadbAccount } from './persistence/mariadb/provision.ts';
import type { TokenRequest } from './security/development-issuer.ts';
import type { ServedIssuer } from './security/serve-development-issuer.ts';

export type { EmbeddedLog, EmbeddedLogOptions } from './messaging/embedded-log.ts';
export type {
  EventLog,
  IncomingRecord,
  OutgoingRecord,
  TopicDescription,
  TopicDifference,
  TopicSettings,
} from './messaging/event-bus.ts';
export type { OpenBusOptions } from './messaging/open-bus.ts';
export type { EnvelopeDefinition, MessageLocation, TopicDefinition } from './messaging/contract.ts';
/** What contracts call for, and where it is not so. */
export { compareTopics, describeDifference } from './messaging/compare-topics.ts';
export { consumerTopics, topicSettings } from './messaging/topic-settings.ts';
/** Data ↔ the envelope that a message's contract describes. */
export { partInData, toWire, type MessageParts, type WireMessage } from './messaging/envelope.ts';
export { parseDuration } from './configuration/parse-duration.ts';
export { urlCredentials, withoutPassword } from './configuration/url-password.ts';
export { weaknessOf } from './configuration/weak-secret.ts';
export { withoutSecrets } from './configuration/without-secrets.ts';
export { readDemoState, type DemoState } from './persistence/sqlite/read-demo-state.ts';
export { mintDevelopmentApiKey } from './security/development-api-keys.ts';
export type { TokenRequest } from './security/development-issuer.ts';
export { loadMigrations } from './persistence/load-migrations.ts';
export { migrationStatus, type MigrationState, type MigrationStatus } from './persistence/migration-status.ts';
export { MigrationError } from './persistence/migrations.ts';
export { openDatabase } from './persistence/open-database.ts';
export type { MariadbAccount } from './persistence/mariadb/provision.ts';
export { serviceUrl as mariadbServiceUrl } from './persistence/mariadb/service-url.ts';

/** What the database of a service on a MariaDB holds of its demo data: see `demo-database.ts`. */
export const readMariadbDemoState = async (url: string): Promise<MariadbDemoState> =>
  (await import('./persistence/mariadb/demo-database.ts')).readMariadbDemoState(url);

/** Drops what a filling that was cut off has left in it. */
export const emptyMariadb = async (url: string): Promise<void> =>
  (await import('./persistence/mariadb/demo-database.ts')).emptyMariadb(url);

/** Creates the database of a service on a MariaDB, and an account that reaches nothing else: see `provision.ts`. */
export const provisionMariadb = async (adminUrl: string, account: MariadbAccount): Promise<string> =>
  (await import('./persistence/mariadb/provision.ts')).provisionMariadb(adminUrl, account);

/** Opens what carries the messages, with what tools want to see of it: `sqlite:/absolute/log.sqlite` or `kafka://host:9092`. */
export const openEventLog = async (url: string, options?: OpenBusOptions): Promise<EventLog> =>
  (await import('./messaging/open-bus.ts')).openBus(url, options);

/** What topics are like, of those that exist. @throws Error when the transport cannot be reached */
export const describeTopics = async (
  url: string,
  names: readonly string[],
  options?: OpenBusOptions,
): Promise<readonly TopicDescription[]> => {
  const log = await openEventLog(url, options);
  try {
    return await log.describeTopics(names);
  } finally {
    await log.close();
  }
};

export interface DevelopmentIssuerSetup {
  /** Where its key is kept; made when it is not there. */
  readonly directory: string;
  /** On 127.0.0.1; its URL is the claim `iss`. */
  readonly port: number;
  /** The claim `aud`. */
  readonly audience: string;
  /** Secrets of the services that may get tokens of their own, by name. */
  readonly clients: Readonly<Record<string, string>>;
}

const issuerUrl = (port: number): string => `http://127.0.0.1:${port}`;

/** Runs the issuer of a developer's machine: keys, and tokens for the services. Production mode refuses its tokens. */
export const startDevelopmentIssuer = async (setup: DevelopmentIssuerSetup): Promise<ServedIssuer> => {
  const [{ openDevelopmentIssuer }, { serveDevelopmentIssuer }] = await Promise.all([
    import('./security/development-issuer.ts'),
    import('./security/serve-development-issuer.ts'),
  ]);
  const { directory, port, audience } = setup;
  const issuer = await openDevelopmentIssuer({ directory, issuer: issuerUrl(port), audience });
  const clients = Object.entries(setup.clients).map(([clientId, clientSecret]) => ({ clientId, clientSecret }));
  return serveDevelopmentIssuer({ issuer, clients, port });
};

/** A token of that issuer for whoever one wants to be. */
export const mintDevelopmentToken = async (
  setup: Pick<DevelopmentIssuerSetup, 'directory' | 'port' | 'audience'>,
  request: TokenRequest,
): Promise<string> => {
  const { openDevelopmentIssuer } = await import('./security/development-issuer.ts');
  const { directory, port, audience } = setup;
  return (await openDevelopmentIssuer({ directory, issuer: issuerUrl(port), audience })).mint(request);
};

export type { KafkaProbe } from './messaging/kafka/probe.ts';
export type { MariadbProbe } from './persistence/mariadb/probe.ts';
export type { RedisProbe } from './realtime/redis-probe.ts';
export { deadLetterTopic, physicalTopic, retryTopic } from './messaging/physical-names.ts';

/** Looks at a service's MariaDB as the service would. */
export const probeMariadb = async (url: string, options?: { readonly timeoutMs?: number }) =>
  (await import('./persistence/mariadb/probe.ts')).probeMariadb(url, options);

/** Looks at a Kafka cluster and at topics of it. */
export const probeKafka = async (
  url: string,
  options?: { readonly topics?: readonly string[]; readonly timeoutMs?: number },
) => (await import('./messaging/kafka/probe.ts')).probeKafka(url, options);

/** Looks at a Redis server. */
export const probeRedis = async (url: string, options?: { readonly timeoutMs?: number }) =>
  (await import('./realtime/redis-probe.ts')).probeRedis(url, options);
