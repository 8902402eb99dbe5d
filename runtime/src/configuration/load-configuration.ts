import type { ServiceTables } from '../process/service-definition.ts';
import { ConfigurationError } from './configuration-error.ts';
import { environmentName } from './environment-name.ts';
import { readSettings, type SettingFault } from './read-settings.ts';
import { secretValues } from './secret-values.ts';
import { runtimeSettings, type RuntimeSettings } from './runtime-settings.ts';
import { urlCredentials } from './url-password.ts';

/** Everything that one process is told from outside. */
export interface ProcessConfiguration {
  readonly runtime: RuntimeSettings;
  /** The service's own settings. */
  readonly service: Readonly<Record<string, unknown>>;
  /** Where called services answer, by their names: one place or several. */
  readonly urls: Readonly<Record<string, readonly string[]>>;
  /** The values of all secrets, so that they can be kept out of whatever is printed. */
  readonly secrets: readonly string[];
}

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Reads the runtime's settings, the service's own, and the URLs of the services that it calls.
 *
 * @throws ConfigurationError that names every variable that is missing, wrong or not allowed in this mode
 */
export const loadConfiguration = (tables: ServiceTables, env: Env): ProcessConfiguration => {
  const production = env['PARKWISE_MODE'] !== 'development';
  const own = readSettings(tables.configuration, tables.name, { env, production });
  const { values: runtime, faults } = readSettings(runtimeSettings, 'PARKWISE', { env, production });
  const urls = calledUrls(tables, env);
  const all = [...faults, ...neededFaults(tables, runtime, faults, production), ...urls.faults, ...own.faults];
  if (all.length > 0) throw new ConfigurationError(all);
  const secrets = [...secretValues(runtimeSettings, runtime), ...secretValues(tables.configuration, own.values)];
  return { runtime, service: own.values, urls: urls.values, secrets };
};

const calledUrls = (tables: ServiceTables, env: Env) => {
  const values: Record<string, readonly string[]> = {};
  const faults: SettingFault[] = [];
  for (const { service } of Object.values(tables.clients)) {
    const name = environmentName('PARKWISE_URL', service);
    const text = env[name] ?? '';
    const places = text.split(',').map((place) => place.trim());
    if (places.every((place) => /^https?:\/\/./.test(place) && URL.canParse(place)))
      values[service] = places.map((place) => place.replace(/\/+$/, ''));
    else
      faults.push({
        name,
        problem: text === '' ? 'missing' : 'invalid',
        expected: `the base URL of ${service}, such as http://127.0.0.1:4000 (several with commas between)`,
      });
  }
  return { values, faults };
};

/** What the contracts and the mode call for beyond the schema. */
const neededFaults = (
  tables: ServiceTables,
  settings: RuntimeSettings,
  known: readonly SettingFault[],
  production: boolean,
): SettingFault[] => {
  const faults: SettingFault[] = [];
  const need = (setting: keyof RuntimeSettings, expected: string): void => {
    const name = environmentName('PARKWISE', setting);
    if (settings[setting] === '' && !known.some((fault) => fault.name === name))
      faults.push({ name, problem: 'missing', expected });
  };
  const forbid = (setting: keyof RuntimeSettings): void => {
    if (settings[setting] !== '' && settings[setting] !== undefined) {
      const name = environmentName('PARKWISE', setting);
      faults.push({
        name,
        problem: 'invalid',
        expected: 'allowed in production (only PARKWISE_MODE=development accepts it)',
      });
    }
  };
  const schemes = [...Object.values(tables.securitySchemes), ...Object.values(tables.live?.securitySchemes ?? {})];
  const bearer = schemes.some(({ kind }) => kind === 'bearer');
  if (production) {
    forbid('developmentIssuer');
    forbid('developmentJwksUrl');
    forbid('developmentApiKeySecret');
    need('databaseUrl', 'the URL of the database, such as sqlite:/var/lib/service/data.sqlite');
    faults.push(...unauthenticated(settings));
  }
  if (tables.messages.length > 0 || tables.consumers.length > 0) {
    need('eventsUrl', 'the URL of the event log, such as sqlite:/var/lib/events/log.sqlite');
  }
  if (bearer) {
    need('audience', 'the audience that tokens must name');
    if (production || settings.developmentIssuer === '') {
      need('issuer', 'the issuer of access tokens');
      need('jwksUrl', "the URL of the issuer's public keys");
    } else need('developmentJwksUrl', "the URL of the development issuer's public keys");
  }
  const asksWithToken = Object.values(tables.clients).some(({ operations }) =>
    Object.values(operations).some(({ scopes }) => scopes.length > 0),
  );
  if (asksWithToken) {
    need('tokenUrl', 'the token endpoint that gives the service its own tokens');
    need('clientSecret', "the service's secret at the token endpoint");
  }
  return faults;
};

/** URLs of servers at which nobody signs in: neither by a password nor by a certificate. */
const unauthenticated = (settings: RuntimeSettings): readonly SettingFault[] => {
  if (settings.trustedNetwork) return [];
  const open = (['databaseUrl', 'eventsUrl', 'redisUrl'] as const).filter((setting) => {
    const url = settings[setting];
    return (
      /^(?!sqlite:)[a-z]+:\/\//.test(url) && !/[?&]tlsCert=./.test(url) && (urlCredentials(url)?.password ?? '') === ''
    );
  });
  return open.map((setting) => ({
    name: environmentName('PARKWISE', setting),
    problem: 'weak',
    expected: `a password in its URL, or PARKWISE_TRUSTED_NETWORK=true where nobody else can reach the server (it has none)`,
  }));
};
