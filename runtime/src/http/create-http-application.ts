/** The HTTP side of a service: a Koa application from the tables that were generated from its contract. */
import type { AddressInfo } from 'node:net';
import Koa, { type DefaultState } from 'koa';
import { runWithContext } from '../observability/context.ts';
import { answerError } from './answer-error.ts';
import { defaultLimits, type HttpApplicationOptions } from './application-options.ts';
import { answerUnrouted, buildRouter } from './build-router.ts';
import { Exchange } from './exchange.ts';
import type { HttpContext } from './http-context.ts';
import { trackInFlight } from './in-flight.ts';
import type { PassedConnection } from './idle-connections.ts';
import { createListener, type ListeningSocket, type PassOn, type SharedPort, type Upgrade } from './listener.ts';
import { Problem, problemAnswer } from './problem.ts';
import { createRateLimiter } from './rate-limit.ts';
import { compileMatcher } from './route-matcher.ts';
import { compileRoute } from './run-route.ts';
import { securityHeaders } from './security-headers.ts';
import { sendAnswer } from './send-answer.ts';
import { createServiceState, type ServiceState } from './service-state.ts';
import { compileSystemEndpoints } from './system-endpoints.ts';
import { tracedRoute } from './traced-route.ts';
import { withRuntimeAnswers } from './with-runtime-answers.ts';

export interface HttpApplication {
  /** `starting` until somebody says otherwise: operations answer 503, and so does `/health/ready`. */
  readonly state: ServiceState;
  readonly koa: Koa<DefaultState, HttpContext>;
  /** For a server of one's own. */
  readonly callback: ReturnType<Koa['callback']>;
  /** @returns where it listens, the port being chosen by the system when it is 0 */
  listen(port: number, host: string, shared?: SharedPort): Promise<AddressInfo>;
  /** What it listens on, for another process to listen on as well. */
  readonly socket: ListeningSocket | undefined;
  /**
   * Takes no new connection, leaves idle ones open for `lingerMs` (0), waits for the running requests (at most `drainMs`, 20 s), then
   * closes what is left. With `passOn` idle ones are not closed, but sent to a process that goes on with them.
   */
  close(drainMs?: number, lingerMs?: number, passOn?: PassOn): Promise<void>;
  /** Goes on with a connection that another process had. */
  adopt(connection: PassedConnection): void;
  readonly inFlight: number;
  /** Takes the requests for a WebSocket; before `listen`. Without it they are answered as any other. */
  onUpgrade(upgrade: Upgrade): void;
}

/** nginx's number for a client that left: in logs and metrics alone, nobody is there to receive it. */
const CLIENT_CLOSED_REQUEST = 499;

/** @throws Error when an operation has no handler */
export const createHttpApplication = (options: HttpApplicationOptions): HttpApplication => {
  const { tables, operations, log, metrics, ids } = options;
  const limits = { ...defaultLimits, ...options.limits };
  const state = createServiceState(options.readinessChecks ?? {});
  const always = securityHeaders(options.behindTls ?? false);
  const limitRate = createRateLimiter(options.rateLimits ?? {}, options.clock);
  const { openapi, asyncapi } = tables.documents;
  const answerSystem = compileSystemEndpoints({
    state,
    metrics: metrics.registry,
    documents: {
      openapi: openapi && (() => withRuntimeAnswers(openapi(), (operationId) => limitRate(operationId) !== undefined)),
      asyncapi,
    },
  });

  const router = buildRouter(tables.routes, (route) => {
    const handler = Object.hasOwn(operations, route.operationId) ? operations[route.operationId] : undefined;
    if (!handler) throw new Error(`The operation ${route.operationId} has no handler`);
    const run = compileRoute(route, handler, {
      securitySchemes: tables.securitySchemes,
      security: { realm: tables.name, tokens: options.tokens, apiKeys: options.apiKeys },
      limitRate,
      unitOfWork: options.unitOfWork,
      bodyLimits: { maxBytes: limits.bodyBytes, timeoutMs: limits.bodyTimeoutMs },
    });
    return options.tracing ? tracedRoute(route, run, options.tracing) : run;
  });
  const match = compileMatcher(router);

  const send = (exchange: Exchange): void => {
    const sending = { always, closesConnection: state.phase !== 'ready' };
    if (!exchange.answer) {
      exchange.response.destroy();
      return;
    }
    try {
      sendAnswer(exchange, exchange.answer, sending);
    } catch (error) {
      // A header's value that cannot be sent: the handler's mistake.
      exchange.answer = answerError(error, exchange, options) ?? problemAnswer('internal-error');
      sendAnswer(exchange, exchange.answer, sending);
    }
  };
  const record = (exchange: Exchange): void => {
    const { operationId, method, sentStatus: status = CLIENT_CLOSED_REQUEST } = exchange;
    const durationMs = performance.now() - exchange.startedAt;
    metrics.requestEnded(operationId ?? 'none', status, durationMs / 1000);
    const fields = {
      operationId,
      method,
      status,
      durationMs: Math.round(durationMs * 100) / 100,
      subject: exchange.auth?.subject,
    };
    if (operationId === undefined && status < 400) log.debug(fields, 'request');
    else log.info(fields, 'request');
  };
  const inFlight = trackInFlight(limits.handlerTimeoutMs, (exchange) => {
    if (exchange.isAborted) return;
    exchange.abort(new Error('The time for the request is over'));
    exchange.answer = problemAnswer('unavailable', {
      detail: 'The answer took too long.',
      headers: { 'retry-after': '1' },
    });
    send(exchange);
  });

  const koa = new Koa<DefaultState, HttpContext>();
  koa.use(async (ctx, next) => {
    const { exchange } = ctx;
    inFlight.add(exchange);
    exchange.response.once('close', () => {
      if (!exchange.response.writableFinished) exchange.abort(new Error('The client has closed the connection'));
    });
    await runWithContext(exchange.context, async () => {
      try {
        await next();
      } catch (error) {
        if (!exchange.isAborted) exchange.answer = answerError(error, exchange, options);
      }
      send(exchange);
      record(exchange);
    });
    inFlight.remove(exchange);
  });
  koa.use(async ({ exchange }, next) => {
    const answering = answerSystem(exchange.method, exchange.path);
    if (!answering) return next();
    exchange.answer = await answering;
  });
  koa.use(async ({ exchange }, next) => {
    if (state.phase === 'starting' || state.phase === 'stopped')
      throw new Problem('unavailable', { headers: { 'retry-after': '1' } });
    const found = match(exchange.method, exchange.path);
    if (!found) return next();
    exchange.operationId = found.operationId;
    exchange.answer = await found.runRoute(exchange, found.captures);
  });
  koa.use(router.routes());
  koa.use((ctx) => answerUnrouted(ctx));

  // Koa's own way of ending a request (respond, on-finished) costs a third of its time and is not needed: answers are text.
  Object.assign(koa, {
    handleRequest: (
      ctx: HttpContext & { req: Exchange['request']; res: Exchange['response'] },
      run: (ctx: HttpContext) => Promise<void>,
    ) => {
      ctx.exchange = new Exchange(ctx.req, ctx.res, () => ids.next());
      return run(ctx);
    },
  });
  const callback = koa.callback();
  const listener = createListener(limits, callback);

  return {
    state,
    koa,
    callback,
    get inFlight() {
      return inFlight.size;
    },
    get socket() {
      return listener.socket;
    },
    onUpgrade: (take) => listener.onUpgrade(take),
    listen: (port, host, shared) => listener.listen(port, host, shared),
    adopt: (connection) => listener.adopt(connection),
    async close(drainMs = 20_000, lingerMs = 0, passOn) {
      state.phase = 'stopping';
      await listener.close({ drainMs, lingerMs, passOn, drained: () => inFlight.drained() });
      state.phase = 'stopped';
      inFlight.stop();
    },
  };
};
