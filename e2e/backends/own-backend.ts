import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from './free-ports.ts';
import { openBackends } from './open-backends.ts';
import { readSettings, type BackendName } from './settings.ts';

/** A server that belongs to one test, which may do with it what it likes. */
export interface OwnBackend {
  readonly url: string;
  /** Its port on loopback. */
  readonly port: number;
  start(): Promise<unknown>;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** SIGSTOP. */
  pause(): void;
  resume(): void;
  /** Ends it, and deletes what it had. */
  remove(): Promise<void>;
}

export interface OwnBackendOptions {
  readonly secure?: boolean;
  /** Kafka: what clients are told to connect to, for a proxy before it. */
  readonly advertisedPort?: number;
}

/** Prepares a server with data and ports of its own; it does not run yet. */
export async function ownBackend(name: BackendName, options: OwnBackendOptions = {}): Promise<OwnBackend> {
  const home = await mkdtemp(join(tmpdir(), `${name}-`));
  const [port = 0, controllerPort = 0] = await freePorts(2);
  const shared = readSettings();
  const backends = openBackends({
    home,
    programs: shared.programs,
    ports: { ...shared.ports, [name]: port },
    controllerPort,
    advertisedPort: options.advertisedPort ?? (name === 'kafka' ? port : shared.advertisedPort),
    secure: options.secure ?? false,
  });
  return {
    url: backends.url(name),
    port,
    start: () => backends.start(name),
    kill: () => backends.kill(name),
    pause: () => backends.pause(name),
    resume: () => backends.resume(name),
    async remove() {
      await backends.kill(name);
      await rm(home, { recursive: true, force: true });
    },
  };
}
