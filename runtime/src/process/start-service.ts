import { loadConfiguration, type ProcessConfiguration } from '../configuration/load-configuration.ts';
import type { RuntimeSettings } from '../configuration/runtime-settings.ts';
import { createHttpApplication, type RateLimits } from '../http/index.ts';
import type { EventBus } from '../messaging/event-bus.ts';
import { createPublish } from '../messaging/publish.ts';
import { startRelay } from '../messaging/relay.ts';
import { readFaults } from '../messaging/sabotage.ts';
import { startConsumers } from '../messaging/start-consumers.ts';
import { createLogger, type LoggerOptions } from '../observability/create-logger.ts';
import { createMetrics } from '../observability/metrics.ts';
import type { Tx } from '../persistence/tx.ts';
import { createUnitOfWork } from '../persistence/unit-of-work.ts';
import { housekeepingJob } from '../persistence/housekeeping.ts';
import { countMessages } from './count-messages.ts';
import { fillDemo } from './fill-demo.ts';
import { knownApiKeys } from './known-api-keys.ts';
import { openJobTurns } from './job-turns.ts';
import { openBus, openStore } from './open-store.ts';
import { runJobs } from './run-jobs.ts';
import type { AnyServiceDefinition } from './any-service-definition.ts';
import type { Given, ServiceDefinition } from './service-definition.ts';
import { startStep } from './start-error.ts';
import type { RunningService, StartOptions } from './start-options.ts';
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
  const metrics = createMetrics({ service: tables.name, processMetrics: options.bus === undefined });
  await using opened = new AsyncDisposableStack();

  const parts = { tables, configuration, clock, log, opened };
  const database = await openStore(parts);
  const bus = await openBus(parts, options.bus);
  const messaging = { namespace: settings.namespace, clock, metrics: countMessages(metrics), faults };
  const publishers = createPublish(tables.messages, { ...messaging, source: tables.name, ids, ...(bus && { bus }) });
  const given: Given<unknown, unknown, unknown> = {
    publish: options.decoratePublishers?.(publishers) ?? publishers,
    clients: options.clients ?? (await openClients(tables, configuration, { clock, log, metrics })),
    config: configuration.service,
    clock,
    ids,
    log,
    ...tokensGiven(configuration),
    sql: database,
    transaction: <R>(work: (tx: Tx) => Promise<R>) => database.transaction(work),
  };
  const needs = await startStep('start', 'src/service.ts failed', () => definition.compose(given));
  const bound = await startStep('start', 'the handlers cannot be bound', () => definition.bind(needs));
  const handlers = options.decorateHandlers?.(bound) ?? bound;
  const verifier = options.tokens ?? trustedTokens(settings, clock);
  const http = await startStep('start', 'the operations cannot be served', () =>
    createHttpApplication({
      tables,
      operations: handlers.operations,
      unitOfWork: createUnitOfWork(database, clock),
      log,
      metrics,
      clock,
      ids,
      rateLimits: rateLimits(settings),
      limits: { bodyBytes: settings.bodyLimit, handlerTimeoutMs: settings.requestTimeout },
      readinessChecks: { database: () => database.knex.raw('select 1') },
      ...(verifier && { tokens: verifier }),
      ...(apiKeys && { apiKeys }),
      ...(options.onContractViolation && { onContractViolation: options.onContractViolation }),
    }),
  );
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
      ? startRelay({ database, bus, clock, log, metrics: messaging.metrics })
      : undefined;
  if (relay) opened.defer(() => relay.stop());
  const consumers = bus && (await startStep('events', 'messages cannot be received', () => consume(bus)));
  opened.defer(() => consumers?.stop(0));
  const { port } = listening ?? (await listen());
  const ownJobs = definition.jobs?.(needs, given) ?? [];
  const jobs = runJobs([...ownJobs, housekeepingJob({ database, clock })], {
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
    stop: ({ lingerMs = settings.shutdownLinger, graceMs: within = graceMs } = {}) =>
      (stopped ??= stopService({ http, jobs, consumers, relay, bus, database, log, graceMs: within, lingerMs })),
  };

  function consume(on: EventBus) {
    return startConsumers(tables.consumers, handlers.messages, handlers.upcasters, {
      ...messaging,
      database,
      bus: on,
      log,
    });
  }
};

const rateLimits = ({ rateLimitRequests: requests, rateLimitWindow: windowMs }: RuntimeSettings): RateLimits =>
  requests > 0 && windowMs > 0 ? { default: { requests, windowMs } } : {};

const tokensGiven = ({ runtime }: ProcessConfiguration): Pick<Given<unknown, unknown, unknown>, 'tokens'> => {
  const issuer = runtime.issuer || runtime.developmentIssuer;
  return issuer === '' ? {} : { tokens: { issuer, audience: runtime.audience } };
};
