import { randomBytes } from 'node:crypto';
import { openBackends, type Backends } from '../../backends/open-backends.ts';
import { readSettings, type BackendName } from '../../backends/settings.ts';
import type { FaultRun } from '../frame/fault.ts';
import { freePort } from './free-port.ts';
import { sharedServer, type ServerName, type Servers, type ServerUrls } from './servers.ts';
import { openProxy, type Proxy } from './toxiproxy.ts';

export interface ServerWishes {
  /** Servers that services reach through a proxy that delays, cuts and stops. Not Kafka: it tells its clients where it is. */
  readonly proxied?: readonly Exclude<ServerName, 'kafka'>[];
  /** Its own are not started: the fault says when. */
  readonly asleep?: boolean;
}

/** Servers of the external stack, for as long as a run takes. */
export interface OwnServers extends AsyncDisposable {
  /** Undefined on the embedded stack. */
  readonly urls: Servers | undefined;
  /** Those of the run's own. @throws Error on the embedded stack. */
  own(): Pick<Backends, 'kill' | 'pause' | 'resume' | 'start'>;
  proxy(name: ServerName): Proxy;
}

const NAMES = ['mariadb', 'kafka', 'redis'] as const;

const none = (what: string): never => {
  throw new Error(`This run has no ${what} of its own`);
};

export const openServers = async (
  { stack, own }: FaultRun,
  { proxied = [], asleep = false }: ServerWishes,
): Promise<OwnServers> => {
  if (stack === 'embedded') {
    return { urls: undefined, own: () => none('server'), proxy: none, [Symbol.asyncDispose]: async () => undefined };
  }
  await using opened = new AsyncDisposableStack();
  const backends = own.length === 0 ? undefined : await startOwn(own, asleep);
  if (backends) opened.defer(() => stopOwn(backends, own));
  const proxies = new Map<ServerName, Proxy>();
  const urls = {} as Record<ServerName, ServerUrls>;
  for (const name of NAMES) {
    const beside = backends && own.includes(name) ? backends.url(name).replace(/\/$/, '') : await sharedServer(name);
    urls[name] = { told: beside, beside };
    if (!(proxied as readonly ServerName[]).includes(name)) continue;
    const told = new URL(beside);
    const proxy = await openProxy(`faults-${randomBytes(4).toString('hex')}`, Number(told.port));
    opened.defer(() => proxy.remove());
    proxies.set(name, proxy);
    told.port = String(proxy.port);
    urls[name] = { told: told.href.replace(/\/$/, ''), beside };
  }
  const cleaning = opened.move();
  return {
    urls,
    own: () => backends ?? none('server'),
    proxy: (name) => proxies.get(name) ?? none('proxy'),
    [Symbol.asyncDispose]: () => cleaning.disposeAsync(),
  };
};

/** Beside the shared ones: a home and ports of their own. Their data is kept, so that the next start is faster. */
const startOwn = async (own: readonly BackendName[], asleep: boolean): Promise<Backends> => {
  const shared = readSettings();
  const [mariadb = 0, redis = 0, kafka = 0, toxiproxy = 0, controllerPort = 0] = await Promise.all(
    Array.from({ length: 5 }, freePort),
  );
  const backends = openBackends({
    ...shared,
    home: `${shared.home}-faults`,
    ports: { mariadb, redis, kafka, toxiproxy },
    controllerPort,
    advertisedPort: kafka,
    secure: false,
  });
  // Left by a run that was ended in the middle, on ports that nobody knows any more.
  await stopOwn(backends, own);
  process.once('exit', () => {
    for (const name of own) endNow(backends.pid(name));
  });
  for (const name of asleep ? [] : own) await backends.start(name);
  return backends;
};

const stopOwn = async (backends: Backends, own: readonly BackendName[]): Promise<void> => {
  for (const name of own) if (backends.pid(name) !== undefined) await backends.kill(name);
};

const endNow = (pid: number | undefined): void => {
  if (pid === undefined) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
};
