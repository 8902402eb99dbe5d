import { databaseFile, type RunFiles } from './run-files.ts';
import type { Platform, PlatformService } from './read-platform.ts';

/** What the platform gives each service besides its own place. */
export interface Surroundings {
  readonly platform: Platform;
  readonly files: RunFiles;
  readonly issuer: { readonly url: string; readonly jwksUrl: string; readonly tokenUrl: string };
  /** By service. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Signs API keys for development. */
  readonly apiKeySecret: string;
  /** Environment of `parkwise up`: settings of the services and levels of logging come from there. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

const HOST = '127.0.0.1';

/** Where a service answers; undefined for an external one whose place is not known. */
export const urlOf = ({ port, url }: PlatformService): string | undefined =>
  port === undefined ? url : `http://${HOST}:${port}`;

const upperSnake = (name: string): string => name.replace(/[^A-Za-z0-9]+/g, '_').toUpperCase();

/** The environment of one service under `parkwise up`. */
export const serviceEnvironment = (
  service: PlatformService,
  { platform, files, issuer, secrets, apiKeySecret, env }: Surroundings,
): Record<string, string> => {
  const { security } = platform;
  const set: Record<string, string | undefined> = {
    // A default, so that what the user sets wins.
    PARKWISE_SHUTDOWN_GRACE: 'PT15S',
    ...env,
    PARKWISE_LAUNCHED: undefined,
    // One name cannot be that of several.
    OTEL_SERVICE_NAME: undefined,
    PARKWISE_MODE: 'development',
    PARKWISE_HOST: HOST,
    PARKWISE_PORT: String(service.port),
    PARKWISE_DATABASE_URL: service.store === 'none' ? 'sqlite::memory:' : `sqlite:${databaseFile(files, service.name)}`,
    PARKWISE_EVENTS_URL: `sqlite:${files.eventLog}`,
    PARKWISE_AUDIENCE: security.audience ?? platform.name,
    PARKWISE_ISSUER: security.issuer,
    PARKWISE_JWKS_URL: security.jwks,
    PARKWISE_DEVELOPMENT_ISSUER: issuer.url,
    PARKWISE_DEVELOPMENT_JWKS_URL: issuer.jwksUrl,
    PARKWISE_DEVELOPMENT_API_KEY_SECRET: apiKeySecret,
    PARKWISE_TOKEN_URL: issuer.tokenUrl,
    PARKWISE_CLIENT_ID: service.name,
    PARKWISE_CLIENT_SECRET: secrets[service.name],
    NODE_COMPILE_CACHE: files.compileCache,
  };
  for (const other of platform.services) set[`PARKWISE_URL_${upperSnake(other.name)}`] = urlOf(other);
  return Object.fromEntries(Object.entries(set).filter((entry): entry is [string, string] => entry[1] !== undefined));
};
