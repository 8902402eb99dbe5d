import { upperSnake, type Environment } from './environment.ts';
import { HOST, urlsOf, type Instance } from './instances.ts';
import type { RunFiles } from './run-files.ts';
import type { Platform } from './read-platform.ts';
import type { Stack } from './stack/stack.ts';

/** What the platform gives each service besides its own place. */
export interface Surroundings {
  readonly platform: Platform;
  readonly files: RunFiles;
  readonly stack: Stack;
  /** Of development; in production services trust and use what the workspace names. */
  readonly development: Development | undefined;
  /** By service. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Environment of `parkwise up`: settings of the services and levels of logging come from there. */
  readonly env: Environment;
  /** Whether processes can listen on one port. */
  readonly canShare: boolean;
}

export interface Development {
  readonly issuer: { readonly url: string; readonly jwksUrl: string; readonly tokenUrl: string };
  /** Signs API keys for development. */
  readonly apiKeySecret: string;
}

/** Read by `up` alone. A service must not see who administers the servers, nor what another one signs in with. */
const FOR_UP =
  /^PARKWISE_(MARIADB_URL|KAFKA_URL|STACK|WAIT|LAUNCHED|(DATABASE_URL|DATABASE_PASSWORD|CLIENT_SECRET)_(?!FILE$)\w+)(_FILE)?$/;

/** The environment of one process under `parkwise up`. */
export const serviceEnvironment = (instance: Instance, surroundings: Surroundings): Record<string, string> => {
  const { platform, files, stack, development, secrets, env, canShare } = surroundings;
  const { service } = instance;
  const { security } = platform;
  const inherited = Object.fromEntries(Object.entries(env).filter(([name]) => !FOR_UP.test(name)));
  // In production whoever runs the services may say otherwise than the workspace.
  const named = (setting: string, value: string | undefined): string | undefined =>
    development === undefined ? (inherited[setting] ?? value) : value;
  const set: Record<string, string | undefined> = {
    // A default, so that what the user sets wins.
    PARKWISE_SHUTDOWN_GRACE: 'PT15S',
    ...inherited,
    PARKWISE_LAUNCHED: undefined,
    // One name cannot be that of several.
    OTEL_SERVICE_NAME: undefined,
    PARKWISE_MODE: development === undefined ? 'production' : 'development',
    PARKWISE_HOST: HOST,
    PARKWISE_PORT: String(instance.port),
    PARKWISE_REUSE_PORT: String(instance.sharesPort),
    PARKWISE_REDIS_URL: undefined,
    ...stack.settings(service),
    PARKWISE_AUDIENCE: named('PARKWISE_AUDIENCE', security.audience ?? platform.name),
    PARKWISE_ISSUER: named('PARKWISE_ISSUER', security.issuer),
    PARKWISE_JWKS_URL: named('PARKWISE_JWKS_URL', security.jwks),
    PARKWISE_DEVELOPMENT_ISSUER: development?.issuer.url,
    PARKWISE_DEVELOPMENT_JWKS_URL: development?.issuer.jwksUrl,
    PARKWISE_DEVELOPMENT_API_KEY_SECRET: development?.apiKeySecret,
    PARKWISE_TOKEN_URL: development?.issuer.tokenUrl ?? named('PARKWISE_TOKEN_URL', security.tokenUrl),
    PARKWISE_CLIENT_ID: service.name,
    PARKWISE_CLIENT_SECRET: secrets[service.name],
    // A file would win over what is said here.
    PARKWISE_DATABASE_URL_FILE: undefined,
    PARKWISE_EVENTS_URL_FILE: undefined,
    PARKWISE_REDIS_URL_FILE: undefined,
    PARKWISE_CLIENT_SECRET_FILE: undefined,
    PARKWISE_DEVELOPMENT_API_KEY_SECRET_FILE: undefined,
    NODE_COMPILE_CACHE: env['NODE_COMPILE_CACHE'] ?? files.compileCache,
  };
  for (const other of platform.services) {
    set[`PARKWISE_URL_${upperSnake(other.name)}`] = urlsOf(other, canShare).join(',') || undefined;
  }
  return Object.fromEntries(Object.entries(set).filter((entry): entry is [string, string] => entry[1] !== undefined));
};
