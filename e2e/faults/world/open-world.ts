import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mintDevelopmentToken, startDevelopmentIssuer } from '@parkwise/runtime/platform';
import type { FaultRun } from '../frame/fault.ts';
import { freePort } from './free-port.ts';
import { openServers, type OwnServers, type ServerWishes } from './open-servers.ts';
import { serviceProcess, type ServiceProcess } from './service-process.ts';
import { openStores, type Stores } from './stores.ts';

const ENTRIES = {
  identity: 'services/identity/src/generated/main.ts',
  'parking-lot': 'services/parking-lot/src/generated/main.ts',
  booking: 'services/booking/src/generated/main.ts',
  tally: 'e2e/faults/tally/main.ts',
} as const;

export type ServiceName = keyof typeof ENTRIES;

export interface Caller {
  readonly sub: string;
  readonly scopes: readonly string[];
  readonly roles: readonly string[];
}

/** Services as processes of this run's own, on stores of their own. */
export interface World extends AsyncDisposable {
  readonly folder: string;
  readonly stores: Stores;
  /** Those of the external stack that this run may hurt. */
  readonly servers: OwnServers;
  /** The processes of a service; they listen on ports of their own. */
  instances(service: ServiceName): readonly ServiceProcess[];
  /** The first of them. */
  service(service: ServiceName): ServiceProcess;
  all(): readonly ServiceProcess[];
  /** Another process of a service, not started yet. */
  add(service: ServiceName, env?: Readonly<Record<string, string>>): Promise<ServiceProcess>;
  /** Starts all that do not run. */
  start(): Promise<void>;
  /** An access token; a new one long before the last has ended. */
  token(caller: Caller): () => Promise<string>;
  /** Physical name of a topic. */
  topic(address: string): string;
}

/** `asleep`: services are not started either. */
export interface WorldOptions extends ServerWishes {
  /** How many processes of each. */
  readonly services: Partial<Readonly<Record<ServiceName, number>>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly envOf?: Partial<Readonly<Record<ServiceName, Readonly<Record<string, string>>>>>;
  /** Services whose clock the fault sets. */
  readonly withClock?: readonly ServiceName[];
}

const AUDIENCE = 'parkwise';
const RENEW_MS = 240_000;

export const openWorld = async (run: FaultRun, options: WorldOptions): Promise<World> => {
  await using opened = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'parkwise-faults-'));
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  const namespace = `f${randomBytes(4).toString('hex')}`;
  const servers = opened.use(await openServers(run, options));
  const stores = opened.use(openStores({ stack: run.stack, folder, namespace, servers: servers.urls }));
  const issuerPort = await freePort();
  const secret = randomBytes(24).toString('base64url');
  const clients = Object.fromEntries(Object.keys(ENTRIES).map((name) => [name, secret]));
  const issuerSetup = { directory: join(folder, 'secrets'), port: issuerPort, audience: AUDIENCE };
  const issuer = opened.use(await startDevelopmentIssuer({ ...issuerSetup, clients }));
  const processes = new Map<ServiceName, ServiceProcess[]>();
  const urlOf: Record<string, string> = {};
  opened.defer(async () => {
    await Promise.all([...processes.values()].flat().map((one) => one.kill()));
  });

  const add: World['add'] = async (service, env = {}) => {
    const list = processes.get(service) ?? [];
    processes.set(service, list);
    const port = await freePort();
    urlOf[`PARKWISE_URL_${service.toUpperCase().replaceAll('-', '_')}`] ??= `http://127.0.0.1:${port}`;
    const made = serviceProcess({
      name: service,
      entry: options.withClock?.includes(service) ? 'e2e/faults/world/with-clock.ts' : ENTRIES[service],
      port,
      logFile: join(folder, `${service}-${list.length + 1}.log`),
      env: {
        PARKWISE_MODE: 'development',
        PARKWISE_HOST: '127.0.0.1',
        PARKWISE_DATABASE_URL: stores.databaseUrl(service),
        PARKWISE_EVENTS_URL: stores.eventsUrl,
        ...(stores.redisUrl === '' ? {} : { PARKWISE_REDIS_URL: stores.redisUrl }),
        PARKWISE_NAMESPACE: namespace,
        PARKWISE_AUDIENCE: AUDIENCE,
        PARKWISE_DEVELOPMENT_ISSUER: issuer.url,
        PARKWISE_DEVELOPMENT_JWKS_URL: issuer.jwksUrl,
        PARKWISE_DEVELOPMENT_API_KEY_SECRET: secret,
        PARKWISE_TOKEN_URL: issuer.tokenUrl,
        PARKWISE_CLIENT_ID: service,
        PARKWISE_CLIENT_SECRET: secret,
        PARKWISE_LOG_LEVEL: 'warn',
        PARKWISE_SHUTDOWN_GRACE: 'PT15S',
        // What a killed process held is given to others by then.
        PARKWISE_LEASE: 'PT6S',
        // Who calls whom is not known here; whoever has no use for it does not look.
        PARKWISE_URL_PARKING_LOT: 'http://127.0.0.1:9',
        ...urlOf,
        NODE_COMPILE_CACHE: join(import.meta.dirname, '../../../.parkwise/cache/compile'),
        SERVICE_WITH_CLOCK: join(import.meta.dirname, '../../..', `services/${service}/src/service.ts`),
        ...options.env,
        ...options.envOf?.[service],
        ...run.env,
        ...env,
      },
    });
    list.push(made);
    return made;
  };
  const all = (): readonly ServiceProcess[] => [...processes.values()].flat();
  const start = async (): Promise<void> => {
    await Promise.all(all().map((one) => (one.alive ? undefined : one.start())));
  };

  const wanted = Object.entries(options.services) as [ServiceName, number][];
  // The called before their callers, who are told where they are.
  for (const [service, count] of wanted.toSorted(([a], [b]) => (a === 'booking' ? 1 : 0) - (b === 'booking' ? 1 : 0))) {
    await stores.prepare([service]);
    for (let n = 0; n < count; n += 1) await add(service);
  }
  if (!options.asleep) await start();
  const cleaning = opened.move();

  return {
    folder,
    stores,
    servers,
    instances: (service) => processes.get(service) ?? [],
    service(service) {
      const [first] = processes.get(service) ?? [];
      if (!first) throw new Error(`This world has no ${service}`);
      return first;
    },
    all,
    add,
    start,
    token(caller) {
      let token: Promise<string> | undefined;
      let mintedAt = 0;
      return () => {
        if (token === undefined || performance.now() - mintedAt > RENEW_MS) {
          mintedAt = performance.now();
          const { sub: subject, scopes, roles } = caller;
          token = mintDevelopmentToken(issuerSetup, { subject, scopes, roles });
        }
        return token;
      };
    },
    topic: (address) => `${namespace}.${address}`,
    [Symbol.asyncDispose]: () => cleaning.disposeAsync(),
  };
};

/** Somebody for whom no account stands: the services take the token's word. */
export const somebody = (role: 'driver' | 'provider' | 'admin'): Caller => ({
  sub: randomUUID(),
  roles: [role],
  scopes:
    role === 'driver'
      ? ['spots:read', 'bookings:read', 'bookings:write']
      : ['spots:read', 'spots:write', 'bookings:read'],
});
