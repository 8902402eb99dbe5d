/** Connections on which nothing is under way: another process can go on with them, and their clients notice nothing. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** A connection on its way from one process to another; whoever receives it adopts or closes it. */
export interface PassedConnection {
  close(): void;
}

export interface IdleConnection {
  /** To be sent to another process. */
  readonly connection: PassedConnection;
  /** Lets go of it here, without a word to the client. Where it has not been sent anywhere, that closes it. */
  release(): void;
}

interface Handle extends PassedConnection {
  readStop(): void;
}

interface Use {
  /** Requests without an answer. */
  running: number;
  /** Bytes that had arrived when the last answer was sent. If there are more, a request has begun, or it has become a WebSocket. */
  settled: number;
}

/** @returns takes all that are idle: what arrives on them from now on waits for whoever reads it next. */
export const trackIdle = (server: Server): (() => readonly IdleConnection[]) => {
  const uses = new Map<Socket, Use>();
  server.on('connection', (socket: Socket) => {
    uses.set(socket, { running: 0, settled: 0 });
    socket.once('close', () => uses.delete(socket));
  });
  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    const use = uses.get(socket);
    if (!use) return;
    use.running += 1;
    response.once('close', () => {
      use.running -= 1;
      use.settled = socket.bytesRead;
    });
  });

  return () =>
    [...uses].flatMap(([socket, { running, settled }]) => {
      // Node has no public name for what a connection is read from.
      const { _handle: handle } = socket as Socket & { readonly _handle?: Handle | null };
      const isIdle = running === 0 && socket.bytesRead === settled && socket.writableLength === 0;
      if (!handle || !isIdle || socket.destroyed) return [];
      handle.readStop();
      return [{ connection: handle, release: () => void socket.destroy() }];
    });
};
