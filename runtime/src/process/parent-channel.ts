import type { ListeningSocket, PassedConnection } from '../http/index.ts';

/**
 * Set by a parent that starts this process to take the place of another: its socket is asked for over the channel. Part of the
 * protocol between the two, and no setting.
 */
export const TAKES_OVER = 'PARKWISE_TAKES_OVER';

/** What a service tells the process that started it, over Node's IPC channel, and is asked by it; silent where there is none. */
export interface ParentChannel {
  readonly connected: boolean;
  /** The service answers on `port`. */
  ready(port: number): void;
  /** It cannot start. Resolves once the parent has been told. */
  failed(failure: { readonly code: string; readonly message: string }): Promise<void>;
  /** Its empty database was filled; `notes` are for a newcomer. */
  demo(notes: readonly string[]): void;
  /** Asks for the socket of the process whose place this one takes; undefined if that is gone. */
  inheritSocket(): Promise<ListeningSocket | undefined>;
  /** Answers the parent when it asks for this process's own socket. */
  onLend(socket: () => ListeningSocket | undefined): void;
  /** The parent has put another process in the place of this one, which shall stop with patience. */
  onRetire(retire: (patience: Patience) => void): void;
  /** Sends an idle connection to the process that has taken this one's place. Resolves also when nobody is there. */
  passConnection(connection: PassedConnection): Promise<void>;
  /** Connections of the process whose place this one has taken. */
  onConnection(adopt: (connection: PassedConnection) => void): void;
  /** Calls `gone` when the parent has ended, however it did. */
  onGone(gone: () => void): void;
}

interface Patience {
  /** For idle connections. */
  readonly lingerMs: number;
  /** For the whole stop. */
  readonly graceMs: number;
}

type Question =
  | { readonly type: 'socket' | 'connection' }
  | { readonly type: 'lend-socket' }
  | ({ readonly type: 'retire' } & Patience);

type Handle = Parameters<NonNullable<typeof process.send>>[1];

/** The channel to the parent of this process. */
export const parentChannel = (): ParentChannel => {
  const tell = (message: object, socket?: ListeningSocket): Promise<void> =>
    new Promise((resolve) => {
      if (process.connected && process.send)
        process.send(message, socket as unknown as Handle, undefined, () => resolve());
      else resolve();
    });
  const hear = <T extends Question['type']>(
    type: T,
    answer: (question: Extract<Question, { type: T }>, socket: ListeningSocket | undefined) => void,
  ): void => {
    process.on('message', (message: Question, socket: unknown) => {
      if (message.type === type)
        answer(message as Extract<Question, { type: T }>, socket as ListeningSocket | undefined);
    });
    // Waiting for the parent alone must not keep a service alive that has nothing else to do.
    process.channel?.unref();
  };
  return {
    get connected() {
      return process.connected === true;
    },
    ready: (port) => void tell({ type: 'ready', port }),
    failed: (failure) => tell({ type: 'failed', ...failure }),
    demo: (notes) => void tell({ type: 'demo', notes }),
    inheritSocket: () =>
      new Promise((resolve) => {
        if (!process.connected) return resolve(undefined);
        hear('socket', (_, socket) => resolve(socket ?? undefined));
        process.channel?.ref();
        void tell({ type: 'want-socket' });
      }),
    onLend: (socket) => hear('lend-socket', () => void tell({ type: 'socket' }, socket())),
    onRetire: (retire) => hear('retire', retire),
    passConnection: (connection) => tell({ type: 'connection' }, connection),
    onConnection: (adopt) => hear('connection', (_, connection) => connection && adopt(connection)),
    onGone(gone) {
      if (!process.channel) return;
      process.once('disconnect', gone);
      process.channel.unref();
    },
  };
};
