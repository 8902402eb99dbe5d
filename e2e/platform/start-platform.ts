import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { killPlatform } from './kill.ts';
import { openStore, type StackName } from './stacks.ts';

const repository = join(import.meta.dirname, '../..');
const parkwise = join(repository, 'cli/bin/parkwise.js');
const run = promisify(execFile);

/** A platform of this test's own: other ports, other data, the same code. */
export interface Platform {
  /** The workspace that it runs in; its data is under `.parkwise/`. */
  readonly root: string;
  /** Of the development issuer. */
  readonly issuerPort: number;
  /** Of a service, to look at from beside. */
  databaseUrl(service: 'identity' | 'parking-lot' | 'booking'): string;
  /** `http://127.0.0.1:<port>` of a service. */
  url(service: 'identity' | 'parking-lot' | 'booking'): string;
  /** Runs a command of the toolkit in the workspace; resolves with what it printed on stdout. */
  parkwise(...words: readonly string[]): Promise<string>;
  /** Starts one that goes on, such as `events tail --follow`. */
  follow(...words: readonly string[]): ChildProcess;
  /** Starts it, again after a kill; resolves when all services are ready. */
  up(): Promise<void>;
  status(): Promise<readonly ServiceStatus[]>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface ServiceStatus {
  readonly name: string;
  readonly url: string;
  readonly status: 'starting' | 'ready' | 'failed' | 'stopped';
  readonly pid: number | null;
  readonly restarts: number;
}

export interface PlatformOptions {
  /** Settings of the services and the runtime, by environment name. */
  readonly env?: Readonly<Record<string, string>>;
  /** False leaves the databases empty. */
  readonly demo?: boolean;
  /** Embedded if left out. */
  readonly stack?: StackName;
  /** More words for `parkwise up`. */
  readonly flags?: readonly string[];
}

const offsets = { identity: 1, 'parking-lot': 2, booking: 3 } as const;
/** Of the development issuer. */
const ISSUER_OFFSET = 99;

/** Starts the platform of this repository with `parkwise up --detach`, in a folder that is removed in the end. */
export const startPlatform = async (wanted: PlatformOptions = {}): Promise<Platform> => {
  const { env = {}, demo = true, stack = 'embedded', flags = [] } = wanted;
  const root = await mkdtemp(join(tmpdir(), 'parkwise-e2e-'));
  const workspace = await readFile(join(repository, 'parkwise.yaml'), 'utf8');
  await writeFile(join(root, 'parkwise.yaml'), demo ? workspace : workspace.replaceAll('demo: true', 'demo: false'));
  for (const folder of ['contracts', 'services', 'node_modules']) {
    await symlink(join(repository, folder), join(root, folder));
  }
  // Code that was compiled for another platform serves this one.
  const cache = join(repository, '.parkwise/cache');
  await mkdir(cache, { recursive: true });
  await mkdir(join(root, '.parkwise'));
  await symlink(cache, join(root, '.parkwise/cache'));
  const portBase = await freePortBase();
  const store = openStore(stack, root);
  const options = { cwd: root, env: { ...process.env, ...store.env, ...env }, maxBuffer: 64 * 1024 * 1024 };
  const command = (words: readonly string[]): string[] => [parkwise, ...words];

  // A test that is ended by its time limit never comes to its own end: nothing may go on running then.
  const leaveNothing = (): void => killPlatform({ root });
  process.once('exit', leaveNothing);
  process.once('SIGTERM', () => process.exit(1));

  const platform: Platform = {
    root,
    issuerPort: portBase + ISSUER_OFFSET,
    databaseUrl: (service) => store.databaseUrl(service),
    url: (service) => `http://127.0.0.1:${portBase + offsets[service]}`,
    parkwise: async (...words) => (await run(process.execPath, command(words), options)).stdout,
    follow: (...words) => spawn(process.execPath, command(words), { ...options, stdio: ['ignore', 'pipe', 'inherit'] }),
    async up() {
      await platform.parkwise('up', '--detach', '--port-base', String(portBase), ...store.flags, ...flags);
    },
    status: async () => JSON.parse(await platform.parkwise('ps', '--json')) as ServiceStatus[],
    async [Symbol.asyncDispose]() {
      await platform.parkwise('down');
      process.removeListener('exit', leaveNothing);
      await store.remove();
      await rm(root, { recursive: true, force: true });
    },
  };
  await platform.up();
  return platform;
};

/** A base whose ports nobody listens on now, below what systems give to connections that go out. */
const freePortBase = async (): Promise<number> => {
  for (let base = 20_000 + (process.pid % 100) * 100; base < 32_000; base += 100) {
    const ports = [...Object.values(offsets), ISSUER_OFFSET].map((offset) => base + offset);
    if ((await Promise.all(ports.map(isFree))).every(Boolean)) return base;
  }
  throw new Error('no free range of ports between 20000 and 32000');
};

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
