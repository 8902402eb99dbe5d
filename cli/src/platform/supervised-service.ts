import type { ChildProcess } from 'node:child_process';
import { eachLine } from './lines.ts';
import { markProcess } from './process-info.ts';
import type { ServiceState } from './run-state.ts';
import type { RestartDelays } from './restart-delays.ts';
import { loadProblem, saidProblem, type StartProblem } from './start-problem.ts';

/** What a service's process tells its parent (`runtime/src/process/parent-channel.ts`). */
type ServiceMessage =
  | { readonly type: 'ready'; readonly port: number }
  | { readonly type: 'failed'; readonly code: string; readonly message: string }
  | { readonly type: 'demo'; readonly notes: readonly string[] };

export interface SupervisedOptions {
  readonly name: string;
  readonly url: string;
  readonly root: string;
  /** Starts the process, with stdout and stderr as pipes and an IPC channel. */
  readonly spawn: () => ChildProcess;
  readonly delays: RestartDelays;
  /** The state has changed. */
  readonly changed: () => void;
  /** A line that the process printed. */
  readonly line: (line: string) => void;
  /** Something that the supervisor has to say about it. */
  readonly notice: (text: string, level: 'info' | 'warn' | 'error') => void;
  /** It has filled its empty database. */
  readonly demo: (notes: readonly string[]) => void;
  /** It answers. */
  readonly ready: () => void;
}

export interface SupervisedService {
  readonly state: ServiceState;
  /** Resolves once the service is ready for the first time, or with the problem if it cannot become so. */
  start(): Promise<StartProblem | undefined>;
  /** Asks it to stop, ends it after `graceMs`; it is not started again. */
  stop(graceMs: number): Promise<void>;
  kill(): void;
}

/** A service that ran this long has recovered: its next crash starts with the shortest delay again. */
const RECOVERED_MS = 30_000;
/** Lines of stderr kept, to explain a start that failed. */
const KEPT_LINES = 40;

/**
 * Keeps one service running: whatever ends it, it is started again, after a delay that doubles. Only what cannot heal by itself
 * before the service was ever ready (a taken port, a broken migration, code that does not load) is handed back as a problem.
 */
export const superviseService = (options: SupervisedOptions): SupervisedService => {
  const { name, url } = options;
  let state: ServiceState = { name, url, status: 'stopped', process: null, restarts: 0 };
  let child: ChildProcess | undefined;
  let ended: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let failures = 0;
  let stopping = false;
  const first = Promise.withResolvers<StartProblem | undefined>();
  let everReady = false;

  const set = (patch: Partial<ServiceState>): void => {
    state = { ...state, ...patch };
    options.changed();
  };

  const launch = (): void => {
    timer = undefined;
    const errors: string[] = [];
    let said: StartProblem | undefined;
    let readyAt: number | undefined;
    const started = options.spawn();
    child = started;
    set({ status: 'starting', process: started.pid === undefined ? null : markProcess(started.pid) });
    const closed = Promise.withResolvers<void>();
    ended = closed.promise;

    if (started.stdout !== null) eachLine(started.stdout, options.line);
    if (started.stderr !== null) {
      eachLine(started.stderr, (line) => {
        errors.push(line);
        if (errors.length > KEPT_LINES) errors.shift();
        if (everReady) options.line(line);
      });
    }
    started.on('message', (message: ServiceMessage) => {
      if (message.type === 'ready') {
        readyAt = performance.now();
        for (const line of everReady ? [] : errors) options.line(line);
        everReady = true;
        options.ready();
        set({ status: 'ready' });
        first.resolve(undefined);
      } else if (message.type === 'failed') said = saidProblem(message);
      else if (message.type === 'demo') options.demo(message.notes);
    });
    started.on('error', (error) => {
      said = { code: 'spawn', message: `its process cannot be started: ${error.message}`, nextSteps: [] };
      if (started.pid === undefined) conclude(null, null);
    });
    // "close" comes after "exit", once all that it printed has been read.
    started.on('close', (code, signal) => conclude(code, signal));

    const conclude = (code: number | null, signal: NodeJS.Signals | null): void => {
      closed.resolve();
      child = undefined;
      if (stopping) return set({ status: 'stopped', process: null });
      const how = signal === null ? `ended with status ${code}` : `was ended by ${signal}`;
      const problem = said ?? (signal === null ? loadProblem(name, options.root, errors) : undefined);
      set({ status: 'failed', process: null });
      if (!everReady && signal === null) {
        if (problem === undefined) for (const line of errors) options.line(line);
        first.resolve(
          problem ?? {
            code: 'ended',
            message: `it ${how} before it was ready`,
            nextSteps: ['See what it printed above.'],
          },
        );
        return;
      }
      for (const line of everReady ? [] : errors) options.line(line);
      if (readyAt !== undefined && performance.now() - readyAt > RECOVERED_MS) failures = 0;
      const delay = Math.min(options.delays.firstMs * 2 ** failures, options.delays.longestMs);
      failures += 1;
      options.notice(`${problem === undefined ? how : problem.message}; starting again in ${delay / 1000} s`, 'error');
      timer = setTimeout(() => {
        set({ restarts: state.restarts + 1 });
        launch();
      }, delay);
    };
  };

  return {
    get state() {
      return state;
    },
    start() {
      launch();
      return first.promise;
    },
    async stop(graceMs) {
      stopping = true;
      clearTimeout(timer);
      if (child === undefined) set({ status: 'stopped', process: null });
      else {
        child.kill('SIGTERM');
        const watchdog = setTimeout(() => {
          options.notice(`has not stopped within ${graceMs / 1000} s: it is ended`, 'warn');
          child?.kill('SIGKILL');
        }, graceMs);
        await ended;
        clearTimeout(watchdog);
      }
      first.resolve({ code: 'stopped', message: 'it was stopped before it was ready', nextSteps: [] });
    },
    kill() {
      stopping = true;
      clearTimeout(timer);
      child?.kill('SIGKILL');
    },
  };
};
