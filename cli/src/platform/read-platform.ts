import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { UserError } from '../application/user-error.ts';

/** What running a workspace takes to know of it: far less than the model, and read in milliseconds. `generate` and `lint` check the file. */
export interface Platform {
  readonly name: string;
  readonly root: string;
  /** What all ports count from. */
  readonly portBase: number;
  readonly security: Readonly<Partial<Record<'issuer' | 'audience' | 'jwks' | 'tokenUrl', string>>>;
  readonly services: readonly PlatformService[];
}

export interface PlatformService {
  readonly name: string;
  /** Absolute. */
  readonly directory: string;
  readonly external: boolean;
  /** Where it listens; absent for an external one. */
  readonly port?: number;
  /** Where an external one is. */
  readonly url?: string;
  readonly store: 'sql' | 'none';
  readonly demo: boolean;
}

const DEFAULT_PORT_BASE = 4000;
/** Of the development issuer, from the port base. */
export const ISSUER_OFFSET = 99;

type Yaml = Readonly<Record<string, unknown>>;
const record = (value: unknown): Yaml => (typeof value === 'object' && value !== null ? (value as Yaml) : {});
const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** Reads `parkwise.yaml` of the workspace at `root`; `portBase` moves all ports, each keeps its distance from the base. */
export const readPlatform = (root: string, options: { portBase?: number } = {}): Platform => {
  const file = record(parseFile(join(root, 'parkwise.yaml')));
  const own = typeof file['portBase'] === 'number' ? file['portBase'] : DEFAULT_PORT_BASE;
  const portBase = options.portBase ?? own;
  const entries = Object.entries(record(file['services'])).map(([name, value]) => [name, record(value)] as const);
  const taken = new Set(entries.map(([, service]) => service['port']).filter((port) => typeof port === 'number'));
  const services = entries.map(([name, service]): PlatformService => {
    const external = service['external'] === true;
    const url = text(service['url']);
    const port = external ? undefined : (numbered(service['port']) ?? nextFree(taken, own));
    return {
      name,
      directory: join(root, text(service['directory']) ?? join('services', name)),
      external,
      ...(port === undefined ? {} : { port: port - own + portBase }),
      ...(url === undefined ? {} : { url }),
      store: service['store'] === 'none' ? 'none' : 'sql',
      demo: service['demo'] === true,
    };
  });
  const local = new Map(
    services.flatMap(({ port }) => (port === undefined ? [] : [[port - portBase + own, port] as const])),
  );
  const security = Object.fromEntries(
    Object.entries(record(file['security'])).map(([key, value]) => [key, moved(String(value), local)]),
  );
  return { name: text(file['name']) ?? 'workspace', root, portBase, security, services };
};

const numbered = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

const nextFree = (taken: Set<unknown>, base: number): number => {
  let port = base + 1;
  while (taken.has(port) || port === base + ISSUER_OFFSET) port += 1;
  taken.add(port);
  return port;
};

/** A URL on this machine that means one of the services goes where that has gone. */
const moved = (url: string, ports: ReadonlyMap<number, number>): string =>
  url.replace(/^(https?:\/\/(?:127\.0\.0\.1|localhost|\[::1\])):(\d+)(?=\/|$)/, (whole, host: string, port: string) => {
    const to = ports.get(Number(port));
    return to === undefined ? whole : `${host}:${to}`;
  });

const parseFile = (path: string): unknown => {
  try {
    return parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new UserError({
      code: 'workspace-file',
      message: `parkwise.yaml cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      nextSteps: ['Mend the file; "parkwise lint" shows what is wrong and where.'],
    });
  }
};
