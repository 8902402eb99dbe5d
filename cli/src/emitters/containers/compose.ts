/**
 * compose.yaml: the services of the workspace with MariaDB, Kafka and Redis, each started when what it needs is healthy.
 *
 *   services:
 *     orders:
 *       image: shop:${PARKWISE_TAG:-local}
 *       command: [services/orders/src/generated/main.ts]
 *       depends_on: { orders-migrate: { condition: service_completed_successfully }, … }
 */
import { stringify } from 'yaml';
import type { Service, Workspace } from '../../model/workspace.ts';
import { CONTAINER_PORT, generatedNote } from './images.ts';
import { clientSecret, databaseSecret, ownSecret, REDIS_URL, secretFiles } from './secrets.ts';
import { accountsScript, kafka, mariadb, redis } from './servers.ts';

const upperSnake = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .toUpperCase();

const secretPath = (name: string): string => `/run/secrets/${name}`;
const healthy = { condition: 'service_healthy' } as const;
const done = { condition: 'service_completed_successfully' } as const;

export const composeFile = (workspace: Workspace): string => {
  const own = workspace.services.filter(({ external }) => !external);
  const stores = own.filter(({ store }) => store === 'sql');
  const hasMessages = own.some(({ messaging }) => messaging !== undefined);
  const secrets = secretFiles(own);
  const compose = {
    name: workspace.name,
    services: {
      ...(stores.length > 0 && { mariadb: mariadb(stores.map(({ name }) => databaseSecret(name))) }),
      ...(hasMessages && { kafka: kafka() }),
      redis: redis(),
      ...Object.fromEntries(own.flatMap((service) => containersOf(service, workspace))),
    },
    ...(stores.length > 0 && { configs: { 'mariadb-accounts': { content: accountsScript } } }),
    secrets: Object.fromEntries(secrets.map(({ name }) => [name, { file: `./secrets/${name}` }])),
    volumes: { ...(stores.length > 0 && { mariadb: {} }), ...(hasMessages && { kafka: {} }) },
  };
  const note = '# Secrets are files under secrets/: `parkwise secrets` makes those that are not there.';
  return `${generatedNote}\n${note}\n${stringify(compose, { lineWidth: 0, aliasDuplicateObjects: false })}`;
};

const containersOf = (service: Service, workspace: Workspace): [string, object][] => {
  const { name, directory, store, port = CONTAINER_PORT } = service;
  const main = `${directory}/src/generated/main.ts`;
  const migrate = `${name}-migrate`;
  const base = {
    build: { context: '.', dockerfile: 'Dockerfile' },
    image: `${workspace.name}:\${PARKWISE_TAG:-local}`,
    init: true,
    read_only: true,
    tmpfs: ['/tmp'],
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
    env_file: [{ path: `./${name}.env`, required: false }],
    environment: environmentOf(service, workspace),
    secrets: secretsOf(service),
  };
  const needs = {
    ...(store === 'sql' && { [migrate]: done, mariadb: healthy }),
    ...(service.messaging !== undefined && { kafka: healthy }),
    redis: healthy,
  };
  const migration = {
    ...base,
    command: [main, '--migrate'],
    restart: 'on-failure',
    healthcheck: { disable: true },
    depends_on: { mariadb: healthy },
  };
  const running = {
    ...base,
    command: [main],
    restart: 'unless-stopped',
    // A stop takes as long as the runtime's grace at most.
    stop_grace_period: '65s',
    ports: [`127.0.0.1:${port}:${CONTAINER_PORT}`],
    healthcheck: { interval: '10s', timeout: '3s', start_period: '30s', retries: 3 },
    depends_on: needs,
  };
  return [...(store === 'sql' ? [[migrate, migration] as [string, object]] : []), [name, running]];
};

const secretsOf = ({ name, store, calls, secrets }: Service): readonly string[] => [
  ...(store === 'sql' ? [databaseSecret(name)] : []),
  ...(calls.length > 0 ? [clientSecret(name)] : []),
  ...secrets.map((setting) => ownSecret(name, setting)),
  REDIS_URL,
];

const environmentOf = (service: Service, workspace: Workspace): Readonly<Record<string, string>> => {
  const { name, store, calls, secrets, messaging } = service;
  const { security, services } = workspace;
  const called = [...new Set(calls.map((call) => call.service))];
  const urlOf = (target: string): string => {
    const found = services.find((one) => one.name === target);
    return found?.external
      ? (found.url ?? `\${PARKWISE_URL_${upperSnake(target)}:?}`)
      : `http://${target}:${CONTAINER_PORT}`;
  };
  return {
    PARKWISE_MODE: 'production',
    ...(store === 'sql'
      ? { PARKWISE_DATABASE_URL_FILE: secretPath(databaseSecret(name)) }
      : { PARKWISE_DATABASE_URL: 'sqlite::memory:' }),
    ...(messaging !== undefined && { PARKWISE_EVENTS_URL: 'kafka://kafka:9092' }),
    PARKWISE_REDIS_URL_FILE: secretPath(REDIS_URL),
    PARKWISE_AUDIENCE: security.audience ?? workspace.name,
    ...(security.issuer !== undefined && { PARKWISE_ISSUER: security.issuer }),
    ...(security.jwks !== undefined && { PARKWISE_JWKS_URL: inNetwork(security.jwks, services) }),
    ...(calls.length > 0 && {
      ...(security.tokenUrl !== undefined && { PARKWISE_TOKEN_URL: inNetwork(security.tokenUrl, services) }),
      PARKWISE_CLIENT_ID: name,
      PARKWISE_CLIENT_SECRET_FILE: secretPath(clientSecret(name)),
    }),
    ...Object.fromEntries(called.map((target) => [`PARKWISE_URL_${upperSnake(target)}`, urlOf(target)])),
    ...Object.fromEntries(
      secrets.map((setting) => [
        `${upperSnake(name)}_${upperSnake(setting)}_FILE`,
        secretPath(ownSecret(name, setting)),
      ]),
    ),
    PARKWISE_OTLP_URL: '${PARKWISE_OTLP_URL:-}',
  };
};

/** A URL on a developer's machine that means one of the services means its container here. */
const inNetwork = (url: string, services: readonly Service[]): string =>
  url.replace(/^https?:\/\/(?:127\.0\.0\.1|localhost|\[::1\]):(\d+)(?=\/|$)/, (whole, port: string) => {
    const service = services.find((one) => one.port === Number(port));
    return service ? `http://${service.name}:${CONTAINER_PORT}` : whole;
  });
