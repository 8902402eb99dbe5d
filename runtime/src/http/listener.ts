/** The listening side of a service: a socket that several processes may share, and that one can hand over to its successor. */
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { Server as NetServer, Socket, type AddressInfo, type SocketConstructorOpts } from 'node:net';
import type { Duplex } from 'node:stream';
import { answerClientError } from './answer-client-error.ts';
import type { HttpLimits } from './application-options.ts';
import { trackIdle, type IdleConnection, type PassedConnection } from './idle-connections.ts';

/** A listening socket on its way from one process to another; whoever receives it listens on it or closes it. */
export interface ListeningSocket {
  close(): void;
}

export interface SharedPort {
  /** Other processes may listen on the same port; the system spreads connections over them. */
  readonly reusePort?: boolean;
  /** Listens on this socket instead, together with the process that it comes from. */
  readonly socket?: ListeningSocket;
}

export interface CloseOptions {
  /** Until running requests are cut. */
  readonly drainMs: number;
  /** How long idle connections stay open, for a request that is on its way: it is answered, and told to connect anew. */
  readonly lingerMs: number;
  /** Resolves when no request runs. */
  readonly drained: () => Promise<void>;
  /** Sends an idle connection to a process that goes on with it. Absent: they are closed in the end. */
  readonly passOn?: PassOn | undefined;
}

/** Resolves when it is sent, or cannot be. */
export type PassOn = (connection: PassedConnection) => Promise<void>;

/** Takes a request for a WebSocket. */
export type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

export interface Listener {
  /** Undefined before it listens. */
  readonly server: Server | undefined;
  /** Before `listen`: takes the requests for a WebSocket. Without it they are answered as any other. */
  onUpgrade(upgrade: Upgrade): void;
  /** The system chooses the port when it is 0. */
  listen(port: number, host: string, shared?: SharedPort): Promise<AddressInfo>;
  /** The socket to send to another process; undefined when it does not listen. */
  readonly socket: ListeningSocket | undefined;
  /** Goes on with a connection that another process had. */
  adopt(connection: PassedConnection): void;
  close(options: CloseOptions): Promise<void>;
}

/** Answers that were just written still leave; what goes on after this is cut. */
const LAST_WRITES_MS = 250;

export const createListener = (limits: HttpLimits, answer: RequestListener): Listener => {
  let server: Server | undefined;
  let upgrade: Upgrade | undefined;
  let takeIdle: () => readonly IdleConnection[] = () => [];
  return {
    get server() {
      return server;
    },
    get socket() {
      // Node's child processes send it as it is; a whole server would start to accept in every process that it passes through.
      return (server as { readonly _handle?: ListeningSocket | null } | undefined)?._handle ?? undefined;
    },
    onUpgrade(take) {
      upgrade = take;
    },
    listen: (port, host, { reusePort, socket } = {}) =>
      new Promise((resolve, reject) => {
        const made = createServer(
          {
            headersTimeout: limits.headTimeoutMs,
            requestTimeout: limits.headTimeoutMs + limits.bodyTimeoutMs,
            keepAliveTimeout: limits.keepAliveMs,
            connectionsCheckingInterval: Math.min(1_000, limits.headTimeoutMs),
            maxHeaderSize: 16 * 1024,
            // Offers of another protocol (h2c) are not taken up: the request is answered as it stands.
            ...(upgrade && { shouldUpgradeCallback: isForWebSocket }),
          },
          answer,
        );
        server = made;
        takeIdle = trackIdle(made);
        if (upgrade) made.on('upgrade', upgrade);
        made.on('clientError', answerClientError);
        made.once('error', reject);
        const where = socket ?? { port, host, ...(reusePort === true && { reusePort }) };
        made.listen(where, () => resolve(made.address() as AddressInfo));
      }),
    adopt(connection) {
      // Node's types do not know that a socket can be made of one; its own servers make all of theirs so.
      const opened = { handle: connection, allowHalfOpen: true } as SocketConstructorOpts;
      if (server?.listening) server.emit('connection', new Socket(opened));
      else connection.close();
    },
    async close(options) {
      if (server) await closeServer(server, takeIdle, options);
    },
  };
};

const isForWebSocket = ({ headers }: IncomingMessage): boolean => headers.upgrade?.toLowerCase() === 'websocket';

const closeServer = async (
  server: Server,
  takeIdle: () => readonly IdleConnection[],
  { drainMs, lingerMs, drained, passOn }: CloseOptions,
): Promise<void> => {
  // An HTTP server's own close also ends the idle connections, and with them a request that is just arriving.
  const closed = new Promise<void>((resolve) => NetServer.prototype.close.call(server, () => resolve()));
  if (passOn) {
    await arrivedIsRead();
    await Promise.all(takeIdle().map(({ connection, release }) => passOn(connection).then(release)));
  }
  if (lingerMs > 0) await within(closed, lingerMs);
  await arrivedIsRead();
  server.closeIdleConnections();
  await within(drained(), drainMs);
  await arrivedIsRead();
  server.closeIdleConnections();
  setTimeout(() => void arrivedIsRead().then(() => server.closeAllConnections()), LAST_WRITES_MS).unref();
  await closed;
  server.close(); // its timers
};

/**
 * On a busy machine a request may have arrived on a connection that still counts as idle: closed then, it would be reset. Sockets are
 * read just before the callbacks of `setImmediate` run.
 */
const arrivedIsRead = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const within = async (work: Promise<void>, ms: number): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
  await Promise.race([work, deadline]);
  clearTimeout(timer);
};
