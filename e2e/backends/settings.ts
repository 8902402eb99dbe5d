import { homedir } from 'node:os';
import { join } from 'node:path';

export type BackendName = 'mariadb' | 'redis' | 'kafka' | 'toxiproxy';

/** Where a set of servers lives, and where it listens. Several sets can run side by side, each with a home and ports of its own. */
export interface BackendSettings {
  /** Data, logs and process ids. */
  readonly home: string;
  /** What was installed for all sets. */
  readonly programs: string;
  readonly ports: Readonly<Record<BackendName, number>>;
  /** Kafka's controller, which nobody but the broker speaks to. */
  readonly controllerPort: number;
  /** What Kafka tells its clients to connect to; another port than its own when a proxy stands before it. */
  readonly advertisedPort: number;
  /** MariaDB takes TLS alone, Kafka and Redis TLS with a password alone; certificates are made in `<home>/tls`. */
  readonly secure: boolean;
}

const DEFAULT_PORTS = { mariadb: 13_306, redis: 16_379, kafka: 19_092, toxiproxy: 18_474 } as const;

const number = (text: string | undefined, otherwise: number): number => {
  if (text === undefined || text === '') return otherwise;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Error(`${text} is no port`);
  return port;
};

/** Reads BACKENDS_HOME, BACKENDS_PROGRAMS, BACKENDS_<NAME>_PORT, BACKENDS_KAFKA_{CONTROLLER,ADVERTISED}_PORT, BACKENDS_SECURE. */
export function readSettings(env: NodeJS.ProcessEnv = process.env): BackendSettings {
  const cache = join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'parkwise-backends');
  const port = (name: BackendName): number => number(env[`BACKENDS_${name.toUpperCase()}_PORT`], DEFAULT_PORTS[name]);
  const kafka = port('kafka');
  return {
    home: env['BACKENDS_HOME'] || cache,
    programs: env['BACKENDS_PROGRAMS'] || join(cache, 'bin'),
    ports: { mariadb: port('mariadb'), redis: port('redis'), kafka, toxiproxy: port('toxiproxy') },
    controllerPort: number(env['BACKENDS_KAFKA_CONTROLLER_PORT'], kafka + 1),
    advertisedPort: number(env['BACKENDS_KAFKA_ADVERTISED_PORT'], kafka),
    secure: ['1', 'true', 'yes'].includes(env['BACKENDS_SECURE'] ?? ''),
  };
}
