import { loadConfiguration, type ProcessConfiguration } from '../configuration/load-configuration.ts';
import type { RuntimeSettings } from '../configuration/runtime-settings.ts';
import { createHttpApplication, type RateLimits } from '../http/index.ts';
import type { EventBus } from '../messaging/event-bus.ts';
import { createPublish } from '../messaging/publish.ts';
import { startRelay } from '../messaging/relay.ts';
import { readFaults } from '../messaging/sabotage.ts';
import { forgetKeys, letEverybodyIn } from './sabotage-http.ts';
import { startConsumers } from '../messaging/start-consumers.ts';
import { createLogger, type LoggerOptions } from '../observability/create-logger.ts';
import { createMetrics } from '../observability/metrics.ts';
import type { Tx } from '../persistence/tx.ts';
import type { ChannelTables } from '../realtime/contract.ts';
import { createUnitOfWork } from '../persistence/unit-of-work.ts';
import { housekeepingJob } from '../persistence/housekeeping.ts';
import { countMessages } from './count-messages.ts';
import { fillDemo } from './fill-demo.ts';
import { consumerSettings, relaySettings } from './messaging-settings.ts';
import { knownApiKeys } from './known-api-keys.ts';
import { openJobTurns } from './job-turns.ts';
import { openBus, openStore } from './open-store.ts';
import { runJobs } from './run-jobs.ts';
import type { AnyServiceDefinition } from './any-service-definition.ts';
import type { Given, ServiceDefinition } from './service-definition.ts';
import { startStep } from './start-error.ts';
import type { RunningService, StartOptions } from './start-options.ts';
import { startTracing } from './start-tracing.ts';
import { stopService } from './stop-service.ts';
import { systemClock } from './system-clock.ts';
import { trustedTokens } from './trusted-tokens.ts';
import { openClients } from './open-clients.ts';
import { uuidIds } from './uuid-ids.ts';

/**
 * Starts a service: configuration, database and its migrations, event log, clients, what the developer composed of them, demo data,
 * HTTP, consumers, relay, jobs. When it resolves, the service is ready. When a step fails, what had been opened is closed again.
 *
 * @throws StartError whose code says which step failed
 */
export const startService = async (service: AnyServiceDefinition, options: StartOptions): Promise<RunningService> => {
  // Each of its functions takes what the others make: what is generated for the service says so, and nobody else needs to.
  const definition = service as ServiceDefinition;
  const { tables } = definition;
  const { env, clock = systemClock, ids = uuidIds(clock) } = options;
  const configuration = await startStep('configuration', 'the settings cannot be read', () =>
    loadConfiguration(tables, env),
  );
  const { runtime: settings, secrets } = configuration;
  options.onSecrets?.(secrets);
  const mode = settings.mode === 'development' ? 'development' : 'production';
  const faults = await startStep('configuration', 'the settings cannot be used', () =>
    readFaults(mode, env as NodeJS.ProcessEnv),
  );
  const apiKeys = await startStep('configuration', 'the API keys cannot be used', () => knownApiKeys(settings));
  const log =
    options.log ??
    createLogger({ service: tables.name, level: settings.logLevel as NonNullable<LoggerOptions['level']>, secrets });
  if (faults.size > 0) log.error({}, `SABOTAGED on purpose, do not rely on anything: ${[...faults].join(', ')}`);
  const metrics = createMetrics({ service: tables.name, processMetrics: options.bus === undefined });
  await using opened = new AsyncDisposableStack();
  const tracing = await startStep('configuration', 'traces cannot be exported', () =>
    startTracing(tables, configuration, { env, log }),
  );
  if (tracing) opened.defer(() => tracing.close());

  const parts = { tables, configuration, clock, log, opened };
  const database = await openStore(parts);
  const bus = await openBus(parts, options.bus);
  const traced = tracing && { tracing };
  const messaging = { namespace: settings.namespace, clock, metrics: countMessages(metrics), faults, ...traced };
  const publishers = createPublish(tables.messages, {
    ...messaging,
    source: tables.name,
    ids,
    database,
    topics: tables.topics,
    maxBytes: settings.messageLimit,
    ...(bus && { bus }),
  });
  const live = tables.live && (await openLive(tables.live));
  const given: Given<unknown, unknown, unknown> = {
    publish: options.decoratePublishers?.(publishers) ?? publishers,
    clients: options.clients ?? (await openClients(tables, configuration, { clock, log, metrics, tracing })),
    config: configuration.service,
    clock,
    ids,
    log,
    ...tokensGiven(configuration),
    live: live?.publishers ?? {},
    sql: database,
    transaction: <R>(work: (tx: Tx) => Promise<R>) => database.transaction(work),
  };
  const needs = await startStep('start', 'src/service.ts failed', () => definition.compose(given));
  const bound = await startStep('start', 'the handlers cannot be bound', () => definition.bind(needs));
  const handlers = options.decorateHandlers?.(bound) ?? bound;
  const verifier = options.tokens ?? trustedTokens(settings, clock);
  const http = await startStep('start', 'the operations cannot be served', () =>
    createHttpApplication({
      tables: faults.has('authorization-off') ? letEverybodyIn(tables) : tables,
      operations: handlers.operations,
      unitOfWork: faults.has('idempotency-off')
        ? forgetKeys(createUnitOfWork(database, clock))
        : createUnitOfWork(database, clock),
      log,
      metrics,
      clock,
      ids,
      rateLimits: rateLimits(settings),
      limits: httpLimits(settings),
      readinessChecks: { database: () => database.knex.raw('select 1') },
      ...traced,
      ...(verifier && { tokens: verifier }),
      ...(apiKeys && { apiKeys }),
      ...(options.onContractViolation && { onContractViolation: options.onContractViolation }),
    }),
  );
  live?.serve({ http, handlers: handlers.channels ?? {}, tokens: verifier, apiKeys });
  if (settings.demo) {
    const { demo } = definition;
    const fill = demo && (() => demo(needs, given));
    const notes = await startStep('demo', 'the demo data cannot be filled in', () => fillDemo(database, clock, fill));
    if (demo) options.onDemo?.(notes);
  }
  const { reusePort } = settings;
  const listen = () =>
    startStep('port-taken', `port ${settings.port}`, async () => {
      const socket = await options.inheritSocket?.();
      return http.listen(settings.port, settings.host, { reusePort, ...(socket && { socket }) });
    });
  opened.defer(() => http.close(0));
  // Where others answer on the same port, a request must not meet a process that is not ready yet.
  const isShared = reusePort || options.inheritSocket !== undefined;
  const listening = isShared ? undefined : await listen();

  const relay =
    bus && tables.messages.length > 0
      ? startRelay({
          database,
          bus,
          clock,
          log,
          metrics: messaging.metrics,
          faults,
          ...relaySettings(settings),
          ...traced,
        })
      : undefined;
  if (relay) opened.defer(() => relay.stop());
  const consumers = bus && (await startStep('events', 'messages cannot be received', () => consume(bus)));
  opened.defer(() => consumers?.stop(0));
  const { port } = listening ?? (await listen());
  const ownJobs = definition.jobs?.(needs, given) ?? [];
  const jobs = runJobs([...ownJobs, housekeepingJob({ database, clock }), ...(live ? [live.job] : [])], {
    log,
    timers: options.jobTimers ?? true,
    turns: openJobTurns({ database, clock }),
  });
  http.state.phase = 'ready';
  opened.move();

  const url = `http://${settings.host.includes(':') ? `[${settings.host}]` : settings.host}:${port}`;
  log.info({ port, mode }, 'ready');
  const graceMs = settings.shutdownGrace;
  let stopped: Promise<void> | undefined;
  return {
    url,
    port,
    log,
    graceMs,
    get socket() {
      return http.socket;
    },
    runJob: (name) => jobs.run(name),
    flushOutbox: async () => relay?.flush(),
    adopt: (connection) => http.adopt(connection),
    stop: ({ lingerMs = settings.shutdownLinger, graceMs: within = graceMs, passOn } = {}) =>
      (stopped ??= stopService({
        http,
        live,
        jobs,
        consumers,
        relay,
        bus,
        database,
        tracing,
        log,
        graceMs: within,
        lingerMs,
        passOn,
      })),
  };

  async function openLive(channels: ChannelTables) {
    // Only services with channels have this in memory.
    const { openLive: open } = await import('../realtime/open-live.ts');
    const made = await open({ service: tables.name, tables: channels, database, settings, clock, ids, log, metrics });
    opened.defer(() => made.close());
    return made;
  }

  function consume(on: EventBus) {
    return startConsumers(tables.consumers, handlers.messages, handlers.upcasters, {
      ...messaging,
      database,
      bus: on,
      log,
      ...consumerSettings(settings),
    });
  }
};

const rateLimits = ({ rateLimitRequests: requests, rateLimitWindow: windowMs }: RuntimeSettings): RateLimits =>
  requests > 0 && windowMs > 0 ? { default: { requests, windowMs } } : {};

const httpLimits = ({ bodyLimit, bodyTimeout, headTimeout, requestTimeout }: RuntimeSettings) => ({
  bodyBytes: bodyLimit,
  bodyTimeoutMs: bodyTimeout,
  headTimeoutMs: headTimeout,
  handlerTimeoutMs: requestTimeout,
});

const tokensGiven = ({ runtime }: ProcessConfiguration): Pick<Given<unknown, unknown, unknown>, 'tokens'> => {
  const issuer = runtime.issuer || runtime.developmentIssuer;
  return issuer === '' ? {} : { tokens: { issuer, audience: runtime.audience } };
};
