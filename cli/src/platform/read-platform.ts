import { join } from 'node:path';
import { UserError } from '../application/user-error.ts';
import type { Finding } from '../model/finding.ts';
import { readWorkspaceFile, type ServiceEntry } from '../model/workspace-file.ts';
import { didYouMean } from '../source/did-you-mean.ts';

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
  /** How many processes of it run. */
  readonly scale: number;
}

/** What a command line says otherwise than the file. */
export interface PlatformChoices {
  readonly portBase?: number;
  /** Processes by service. */
  readonly scale?: Readonly<Record<string, number>>;
}

/** Of the development issuer, from the port base. */
export const ISSUER_OFFSET = 99;

/**
 * Reads `parkwise.yaml` of the workspace at `root`; `portBase` moves all ports, each keeps its distance from the base.
 *
 * @throws UserError when the file has mistakes
 */
export const readPlatform = (root: string, options: PlatformChoices = {}): Platform => {
  const { workspace, findings } = readWorkspaceFile(root);
  if (workspace === undefined) throw unreadable(findings);
  const { portBase = workspace.portBase, scale: scales = {} } = options;
  checkScaled(Object.keys(scales), workspace.services);
  const move = (port: number): number => port - workspace.portBase + portBase;
  const services = workspace.services.map(({ name, external, port, url, store, demo, scale }): PlatformService => ({
    name,
    directory: join(root, 'services', name),
    external,
    ...(port === undefined || external ? {} : { port: move(port) }),
    ...(url === undefined ? {} : { url }),
    store,
    demo,
    scale: scales[name] ?? scale,
  }));
  const local = new Map(
    workspace.services.flatMap(({ port }) => (port === undefined ? [] : [[port, move(port)] as const])),
  );
  const security = Object.fromEntries(
    Object.entries(workspace.security).map(([key, value]) => [key, moved(value, local)]),
  );
  return { name: workspace.name, root, portBase, security, services };
};

const checkScaled = (names: readonly string[], services: readonly ServiceEntry[]): void => {
  const own = services.filter(({ external }) => !external).map(({ name }) => name);
  const wrong = names.find((name) => !own.includes(name));
  if (wrong === undefined) return;
  throw new UserError({
    code: 'no-service',
    message: `there is no service ${wrong} to scale${services.some(({ name }) => name === wrong) ? ': it is external' : ''}`,
    nextSteps: [didYouMean(wrong, own).trim() || `There are: ${own.join(', ')}.`],
  });
};

/** A URL on this machine that means one of the services goes where that has gone. */
const moved = (url: string, ports: ReadonlyMap<number, number>): string =>
  url.replace(/^(https?:\/\/(?:127\.0\.0\.1|localhost|\[::1\])):(\d+)(?=\/|$)/, (whole, host: string, port: string) => {
    const to = ports.get(Number(port));
    return to === undefined ? whole : `${host}:${to}`;
  });

const unreadable = (findings: readonly Finding[]): UserError => {
  const errors = findings.filter(({ severity }) => severity === 'error');
  const lines = errors.map(({ file, line, column, message, hint }) => `  ${file}:${line}:${column} ${message} ${hint}`);
  return new UserError({
    code: 'workspace-file',
    message: `the workspace cannot be read:\n${lines.join('\n')}`,
    nextSteps: ['Mend the file and try again.'],
  });
};
