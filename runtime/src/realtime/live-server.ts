/** WebSockets of a service, on its own Koa application and port. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type Koa from 'koa';
import websockify from 'koa-websocket';
import type { WebSocket } from 'ws';
import { answerError } from '../http/answer-error.ts';
import { Exchange } from '../http/exchange.ts';
import { Problem, problemAnswer } from '../http/problem.ts';
import type { WireAnswer } from '../http/answers/wire-answer.ts';
import type { Clock, Ids, Log } from '../process/service-definition.ts';
import { compileAdmission, type AdmissionOptions, type Admitted } from './admission.ts';
import { Connection } from './connection.ts';
import type { LiveMetrics } from './live-metrics.ts';
import { refuseUpgrade } from './refuse-upgrade.ts';

export interface LiveServerOptions extends AdmissionOptions {
  readonly koa: Koa<never, never>;
  readonly log: Log;
  readonly metrics: LiveMetrics;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly heartbeatMs: number;
  readonly bufferedBytes: number;
  /** A client was let in. */
  readonly onOpen: (connection: Connection, admitted: Admitted) => void;
}

export interface LiveServer {
  readonly connections: ReadonlySet<Connection>;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Lets nobody in any more, closes all with 1001, and cuts off who has not left in time. */
  close(drainMs: number): Promise<void>;
}

/** Largest message of a client. */
const MAX_PAYLOAD = 16 * 1024;
/** How often it is looked whose token has ended. */
const TOKEN_CHECK_MS = 1_000;

export const createLiveServer = (options: LiveServerOptions): LiveServer => {
  const { log, metrics, clock } = options;
  const admit = compileAdmission(options);
  const connections = new Set<Connection>();
  const admitted = new WeakMap<IncomingMessage, Admitted & { readonly socket: Duplex }>();
  let isClosing = false;

  const app = websockify(options.koa as unknown as Koa);
  app.ws.listen({
    noServer: true,
    // Nothing of koa-websocket's own server: upgrades are decided here, before a WebSocket is one.
    server: undefined as never,
    maxPayload: MAX_PAYLOAD,
    perMessageDeflate: false,
    clientTracking: false,
    // The token that a browser sends as a second subprotocol is never sent back.
    handleProtocols: (protocols) => (protocols.has('bearer') ? 'bearer' : false),
  });
  app.ws.use((ctx) => {
    const found = admitted.get(ctx.req);
    if (found) open(ctx.websocket as unknown as WebSocket, found);
    else ctx.websocket.close(4404, 'not found');
  });
  const server = app.ws.server;
  if (!server) throw new Error('koa-websocket has made no server');

  const open = (ws: WebSocket, found: Admitted & { readonly socket: Duplex }): void => {
    const { channel, exchange, holder, leave, socket } = found;
    const { auth, correlationId } = exchange;
    const about = { operationId: channel.name, subject: auth?.subject, correlationId };
    const tooSlow = (): void => log.warn(about, 'live client is too slow');
    const limits = { bufferedBytes: options.bufferedBytes, tooSlow };
    const connection = new Connection(ws, socket, { channel, auth, holder, correlationId, limits });
    connections.add(connection);
    metrics.opened(channel.name);
    log.info(about, 'live connection opened');
    // Its cause follows as a close code.
    ws.on('error', (error) => log.debug({ err: error, operationId: channel.name }, 'live connection failed'));
    ws.once('close', (received) => {
      const code = connection.closeCode ?? received;
      connections.delete(connection);
      leave();
      metrics.closed(channel.name, code);
      const durationMs = Math.round(performance.now() - connection.openedAt);
      log.info({ ...about, code, durationMs }, 'live connection closed');
    });
    if (isClosing) connection.close(1001, 'going away');
    else options.onOpen(connection, found);
  };

  const heartbeat = setInterval(() => {
    for (const connection of connections) connection.beat();
  }, options.heartbeatMs);
  const tokenCheck = setInterval(() => {
    const now = clock.now().getTime();
    for (const connection of connections) if (connection.endsAt <= now) connection.close(4401, 'token ended');
  }, TOKEN_CHECK_MS);
  heartbeat.unref();
  tokenCheck.unref();

  const refuse = (socket: Duplex, answer: WireAnswer, channel?: string): void => {
    metrics.refused(answer.status);
    log.info({ operationId: channel, status: answer.status }, 'live connection refused');
    refuseUpgrade(socket, answer);
  };

  const decide = async (request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> => {
    const gone = new AbortController();
    const onGone = (): void => gone.abort(new Error('The client has gone'));
    socket.once('close', onGone);
    const accept = (then: (ws: WebSocket) => void): void => {
      socket.removeListener('error', ignoreFailure);
      server.handleUpgrade(request, socket, head, then);
    };
    try {
      if (isClosing) throw new Problem('unavailable', { headers: { 'retry-after': '1' } });
      const found = await admit(request, gone.signal);
      const problem = problemOf(found);
      if (!problem && !gone.signal.aborted) {
        admitted.set(request, { ...found, socket });
        // Not every upgrade succeeds, and a seat must not be taken for ever.
        socket.once('close', found.leave);
        accept((ws) => server.emit('connection', ws, request));
        return;
      }
      found.leave();
      if (problem) throw problem;
    } catch (error) {
      if (gone.signal.aborted) return;
      const exchange = new Exchange(request, undefined as never, () => options.ids.next());
      const answer = answerError(error, exchange, { log }) ?? problemAnswer('internal-error');
      if (tellsByCode.has(answer.status) && hidesStatus(request)) {
        metrics.refused(answer.status);
        accept((ws) => ws.close(4000 + answer.status, codeReasons[answer.status] ?? ''));
      } else refuse(socket, answer);
    } finally {
      socket.removeListener('close', onGone);
    }
  };

  return {
    connections,
    upgrade(request, socket, head) {
      socket.on('error', ignoreFailure);
      void decide(request, socket, head);
    },
    async close(drainMs) {
      isClosing = true;
      clearInterval(heartbeat);
      clearInterval(tokenCheck);
      for (const connection of connections) connection.close(1001, 'going away');
      const deadline = performance.now() + drainMs;
      while (connections.size > 0 && performance.now() < deadline) await new Promise((next) => setTimeout(next, 10));
      for (const connection of connections) connection.terminate();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
};

/** The client has left while it was decided about; there is nobody to be told. */
const ignoreFailure = (): void => undefined;

/**
 * Whoever connects by the WebSocket of browsers (which Node has too) does not learn the status of an upgrade that fails; a close code it
 * does. Such clients name their page, or show their token as a subprotocol.
 */
const hidesStatus = ({ headers }: IncomingMessage): boolean =>
  headers.origin !== undefined || /^bearer *,/.test(headers['sec-websocket-protocol'] ?? '');

/** Statuses of whom is known who they are: what they asked for is wrong, not they themselves. */
const codeReasons: Readonly<Record<number, string>> = {
  400: 'invalid parameters',
  404: 'not found',
  429: 'too many connections',
  501: 'not implemented',
};
const tellsByCode = new Set(Object.keys(codeReasons).map(Number));

const problemOf = ({ outcome }: Admitted): Problem | undefined => {
  if (outcome.kind === 'watching') return undefined;
  if (outcome.kind === 'invalid')
    return new Problem('invalid-request', outcome.detail === undefined ? {} : { detail: outcome.detail });
  return new Problem(outcome.kind);
};
