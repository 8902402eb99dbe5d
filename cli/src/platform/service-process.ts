import type { ChildProcess } from 'node:child_process';
import { eachLine } from './lines.ts';
import { markProcess, type ProcessMark } from './process-info.ts';
import { loadProblem, saidProblem, type StartProblem } from './start-problem.ts';

/** What a service's process tells its parent (`runtime/src/process/parent-channel.ts`). */
type ServiceMessage =
  | { readonly type: 'ready'; readonly port: number }
  | { readonly type: 'failed'; readonly code: string; readonly message: string }
  | { readonly type: 'demo'; readonly notes: readonly string[] }
  | { readonly type: 'want-socket' | 'socket' | 'connection' };

/** What a process listens on, or a connection, on its way to its successor. */
export interface PassedSocket {
  close(): void;
}

export interface ServiceProcessOptions {
  readonly service: string;
  readonly root: string;
  /** What it prints on stderr is held back until it is ready: it may be why it does not become so. */
  readonly holdsErrors: boolean;
  readonly line: (line: string) => void;
  readonly demo: (notes: readonly string[]) => void;
  /** The socket of the process whose place this one takes. */
  readonly socket: () => Promise<PassedSocket | undefined>;
  /** An idle connection, of which it lets go: for its successor. */
  readonly connection: (connection: PassedSocket) => void;
}

/** Of a process that was replaced; milliseconds. */
export interface Patience {
  /** For a request that comes over an idle connection. */
  readonly lingerMs: number;
  /** For the whole stop: nobody waits for it. */
  readonly graceMs: number;
}

/** How a process came to its end. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly problem: StartProblem | undefined;
}

/** One process of a service, from its start to its end. */
export interface ServiceProcess {
  readonly mark: ProcessMark | null;
  readonly ready: Promise<'ready'>;
  readonly readyAt: number | undefined;
  /** Once all that it printed has been read. */
  readonly ended: Promise<Ending>;
  /** Its listening socket, for a successor; undefined if it has none to give. */
  lendSocket(): Promise<PassedSocket | undefined>;
  /** Gives it a connection of its predecessor. */
  adopt(connection: PassedSocket): void;
  /** Another has taken its place: it stops, and has patience with the connections that it has. */
  retire(patience: Patience): void;
  signal(signal: NodeJS.Signals): void;
}

/** Lines of stderr kept, to explain a start that failed. */
const KEPT_LINES = 40;
/** A process that does not answer for so long has nothing to give. */
const LEND_MS = 2_000;

/** Listens to a process that has just been started. */
export const watchProcess = (child: ChildProcess, options: ServiceProcessOptions): ServiceProcess => {
  const errors: string[] = [];
  const ready = Promise.withResolvers<'ready'>();
  const ended = Promise.withResolvers<Ending>();
  let said: StartProblem | undefined;
  let readyAt: number | undefined;
  let holds = options.holdsErrors;
  let lent: ((socket: PassedSocket | undefined) => void) | undefined;

  const showErrors = (): void => {
    for (const line of holds ? errors : []) options.line(line);
    holds = false;
  };
  const tell = (message: object, socket?: PassedSocket): Promise<void> =>
    new Promise((resolve) => {
      if (!child.connected) return resolve();
      // A process that is gone by now ends in `ended`.
      child.send(message, socket as unknown as Parameters<ChildProcess['send']>[1], undefined, () => resolve());
    });
  const passSocket = async (): Promise<void> => {
    const socket = await options.socket();
    await tell({ type: 'socket' }, socket);
    socket?.close();
  };
  const conclude = (code: number | null, signal: NodeJS.Signals | null): void => {
    const problem = said ?? (signal === null ? loadProblem(options.service, options.root, errors) : undefined);
    if (signal !== null || problem === undefined) showErrors();
    lent?.(undefined);
    ended.resolve({ code, signal, problem });
  };

  if (child.stdout !== null) eachLine(child.stdout, options.line);
  if (child.stderr !== null) {
    eachLine(child.stderr, (line) => {
      errors.push(line);
      if (errors.length > KEPT_LINES) errors.shift();
      if (!holds) options.line(line);
    });
  }
  child.on('message', (message: ServiceMessage, handle: unknown) => {
    const socket = (handle ?? undefined) as PassedSocket | undefined;
    if (message.type === 'ready') {
      readyAt = performance.now();
      showErrors();
      ready.resolve('ready');
    } else if (message.type === 'failed') said = saidProblem(message);
    else if (message.type === 'demo') options.demo(message.notes);
    else if (message.type === 'want-socket') void passSocket();
    else if (message.type === 'connection') {
      if (socket) options.connection(socket);
    } else if (lent) lent(socket);
    else socket?.close(); // asked for, but too late
  });
  child.on('error', (error) => {
    said = { code: 'spawn', message: `its process cannot be started: ${error.message}`, nextSteps: [] };
    if (child.pid === undefined) conclude(null, null);
  });
  // "close" comes after "exit", once all that it printed has been read.
  child.on('close', conclude);

  return {
    mark: child.pid === undefined ? null : markProcess(child.pid),
    ready: ready.promise,
    get readyAt() {
      return readyAt;
    },
    ended: ended.promise,
    async lendSocket() {
      if (!child.connected) return undefined;
      const answer = Promise.withResolvers<PassedSocket | undefined>();
      const timer = setTimeout(answer.resolve, LEND_MS, undefined);
      lent = answer.resolve;
      void tell({ type: 'lend-socket' });
      const socket = await answer.promise;
      clearTimeout(timer);
      lent = undefined;
      return socket;
    },
    adopt: (connection) => void tell({ type: 'connection' }, connection).then(() => connection.close()),
    retire: (patience) => {
      if (child.connected) void tell({ type: 'retire', ...patience });
      else child.kill('SIGTERM');
    },
    signal: (signal) => void child.kill(signal),
  };
};
