import type { ChildProcess } from 'node:child_process';
import type { ProcessMark } from './process-info.ts';
import type { RestartDelays } from './restart-delays.ts';
import type { ServiceState } from './run-state.ts';
import { watchProcess, type Ending, type Patience, type ServiceProcess } from './service-process.ts';
import type { StartProblem } from './start-problem.ts';

export interface SupervisedOptions {
  readonly service: string;
  /** Of the process: `orders/2`. */
  readonly name: string;
  readonly url: string;
  readonly root: string;
  /** Starts the process, with stdout and stderr as pipes and an IPC channel; with `takesOver` it asks for its predecessor's socket. */
  readonly spawn: (start: { readonly takesOver: boolean }) => Promise<ChildProcess>;
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
  /**
   * Puts a new process in its place, which is ready before the old one is told to go; with the problem, the old one stays. When it
   * resolves the old one may still be answering its last requests: see `settled`.
   */
  replace(patience: Patience): Promise<StartProblem | undefined>;
  /** Resolves once those that were replaced are gone. */
  settled(): Promise<void>;
  /** Asks it to stop, ends it after `graceMs`; it is not started again. */
  stop(graceMs: number): Promise<void>;
  kill(): void;
}

/** A service that ran this long has recovered: its next crash starts with the shortest delay again. */
const RECOVERED_MS = 30_000;

/**
 * Keeps one process of a service running: whatever ends it, it is started again, after a delay that doubles. Only what cannot heal by
 * itself before it was ever ready (a taken port, a broken migration, code that does not load) is handed back as a problem.
 */
export const superviseService = (options: SupervisedOptions): SupervisedService => {
  const { name, url } = options;
  let state: ServiceState = { name, service: options.service, url, status: 'stopped', process: null, restarts: 0 };
  const alive = new Set<ServiceProcess>();
  const leaving = new Set<Promise<void>>();
  let current: ServiceProcess | undefined;
  let beginning: Promise<unknown> = Promise.resolve();
  let isReplacing = false;
  let hasSuccessor = false;
  let timer: NodeJS.Timeout | undefined;
  let failures = 0;
  let stopping = false;
  let everReady = false;
  const first = Promise.withResolvers<StartProblem | undefined>();

  const set = (patch: Partial<ServiceState>): void => {
    const main = patch.process === undefined ? state.process : patch.process;
    const marks = [...alive].map(({ mark }) => mark).filter((mark): mark is ProcessMark => mark !== null);
    state = { ...state, ...patch, others: marks.filter(({ pid }) => pid !== main?.pid) };
    options.changed();
  };

  const begin = (predecessor?: ServiceProcess): Promise<ServiceProcess> => {
    const made = spawnOne(predecessor);
    beginning = made.catch(() => undefined); // its own caller hears of it
    return made;
  };

  const spawnOne = async (predecessor: ServiceProcess | undefined): Promise<ServiceProcess> => {
    const child = await options.spawn({ takesOver: predecessor !== undefined });
    const made = watchProcess(child, {
      service: options.service,
      root: options.root,
      holdsErrors: !everReady,
      line: options.line,
      demo: options.demo,
      socket: async () => predecessor?.lendSocket(),
      connection: (connection) => (current ? current.adopt(connection) : connection.close()),
    });
    alive.add(made);
    void made.ended.then(() => alive.delete(made));
    if (stopping) made.signal('SIGTERM');
    return made;
  };

  const isReady = (made: ServiceProcess): void => {
    everReady = true;
    options.ready();
    set({ status: 'ready', process: made.mark });
    first.resolve(undefined);
  };

  const launch = async (): Promise<void> => {
    timer = undefined;
    set({ status: 'starting' });
    const made = await begin();
    current = made;
    set({ process: made.mark });
    void made.ready.then(() => current === made && !stopping && isReady(made));
    const ending = await made.ended;
    if (current === made) crashed(made, ending);
  };

  const start = (): void => void launch().catch((error: unknown) => failed(problemOf(error)));

  const crashed = (made: ServiceProcess, ending: Ending): void => {
    current = undefined;
    if (stopping) return set({ status: 'stopped', process: null });
    set({ status: 'failed', process: null });
    const how = ending.signal === null ? `ended with status ${ending.code}` : `was ended by ${ending.signal}`;
    if (!everReady && ending.signal === null) return failed(ending.problem ?? notReady(how));
    if (made.readyAt !== undefined && performance.now() - made.readyAt > RECOVERED_MS) failures = 0;
    // Its successor is on the way already, and takes its place.
    if (hasSuccessor) return options.notice(`${how} while it was being replaced`, 'error');
    again(ending.problem === undefined ? how : ending.problem.message);
  };

  const failed = (problem: StartProblem): void => {
    set({ status: 'failed', process: null });
    if (everReady && !stopping) again(problem.message);
    else first.resolve(problem);
  };

  const again = (why: string): void => {
    const delay = Math.min(options.delays.firstMs * 2 ** failures, options.delays.longestMs);
    failures += 1;
    options.notice(`${why}; starting again in ${delay / 1000} s`, 'error');
    timer = setTimeout(() => {
      set({ restarts: state.restarts + 1 });
      start();
    }, delay);
  };

  const replace = async (patience: Patience): Promise<StartProblem | undefined> => {
    clearTimeout(timer);
    hasSuccessor = true;
    const made = await begin(current);
    const outcome = await Promise.race([made.ready, made.ended]);
    hasSuccessor = false;
    if (outcome !== 'ready') {
      if (current === undefined && !stopping) again('its successor cannot start either');
      return outcome.problem ?? notReady(`ended with ${outcome.signal ?? `status ${outcome.code}`}`);
    }
    const old = current;
    current = made;
    isReady(made);
    void made.ended.then((ending) => current === made && crashed(made, ending));
    if (old === undefined) return undefined;
    old.retire(patience);
    const gone = endWithin(old, patience.graceMs).then(() => {
      leaving.delete(gone);
      set({});
    });
    leaving.add(gone);
    return undefined;
  };

  const endWithin = async (one: ServiceProcess, graceMs: number): Promise<void> => {
    const watchdog = setTimeout(() => {
      options.notice(`has not stopped within ${graceMs / 1000} s: it is ended`, 'warn');
      one.signal('SIGKILL');
    }, graceMs);
    await one.ended;
    clearTimeout(watchdog);
  };

  return {
    get state() {
      return state;
    },
    start() {
      start();
      return first.promise;
    },
    async replace(patience) {
      if (stopping || !everReady) return { code: 'not-running', message: 'it does not run', nextSteps: [] };
      if (isReplacing || state.status === 'starting')
        return { code: 'starting', message: 'it is being started already', nextSteps: ['Try again in a moment.'] };
      isReplacing = true;
      try {
        return await replace(patience);
      } catch (error) {
        return problemOf(error);
      } finally {
        hasSuccessor = false;
        isReplacing = false;
      }
    },
    async settled() {
      await Promise.all(leaving);
    },
    async stop(graceMs) {
      stopping = true;
      clearTimeout(timer);
      for (const one of alive) one.signal('SIGTERM');
      await beginning;
      await Promise.all([...alive].map((one) => endWithin(one, graceMs)));
      set({ status: 'stopped', process: null });
      first.resolve({ code: 'stopped', message: 'it was stopped before it was ready', nextSteps: [] });
    },
    kill() {
      stopping = true;
      clearTimeout(timer);
      for (const one of alive) one.signal('SIGKILL');
    },
  };
};

const notReady = (how: string): StartProblem => ({
  code: 'ended',
  message: `it ${how} before it was ready`,
  nextSteps: ['See what it printed.'],
});

const problemOf = (error: unknown): StartProblem => ({
  code: 'spawn',
  message: error instanceof Error ? error.message : String(error),
  nextSteps: [],
});
