import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const repository = join(import.meta.dirname, '../../..');

/** A service as a process of this run's own: killed, paused and started again at will, on one port all the time. */
export interface ServiceProcess {
  readonly name: string;
  readonly url: string;
  /** Resolves when it is ready. `more`: settings for this start alone. @throws Error with the end of its log when it ends before. */
  start(more?: Readonly<Record<string, string>>): Promise<void>;
  /** A message to the process. */
  send(message: object): void;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGSTOP: it hangs, and its connections stay open. */
  pause(): void;
  resume(): void;
  /** SIGTERM: it stops by itself. @returns its exit status, null if it had to be killed. */
  stop(): Promise<number | null>;
  readonly pid: number | undefined;
  readonly alive: boolean;
  /** It has said so, and is still there. */
  readonly ready: boolean;
  /** The end of what it has logged. */
  tail(lines?: number): string;
}

export interface ServiceProcessOptions {
  readonly name: string;
  /** Its entry, from the root of the repository. */
  readonly entry: string;
  readonly port: number;
  readonly env: Readonly<Record<string, string>>;
  readonly logFile: string;
}

const START_MS = 60_000;
const STOP_MS = 30_000;

const children = new Set<ChildProcess>();
const lastWords = new Map<string, () => string>();

/** The end of what each process has logged, also of a world that is gone: for a run of which nothing can be said. */
export const whatServicesSaid = (): readonly string[] =>
  [...lastWords].map(([name, tail]) => `${name}:\n${tail()}`).filter((text) => text.includes('{'));
// A run that is cut short must leave nothing behind. (A paused process takes a SIGKILL too.)
process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

export const serviceProcess = ({ name, entry, port, env, logFile }: ServiceProcessOptions): ServiceProcess => {
  let child: ChildProcess | undefined;
  let isReady = false;
  let exited: Promise<number | null> = Promise.resolve(null);
  let remembered = '';
  const tail = (lines = 6): string => {
    if (existsSync(logFile)) remembered = readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
    return remembered;
  };
  lastWords.set(basename(logFile), tail);

  return {
    name,
    url: `http://127.0.0.1:${port}`,
    get pid() {
      return child?.pid;
    },
    get alive() {
      return child !== undefined;
    },
    get ready() {
      return isReady;
    },
    tail,
    send: (message) => void child?.send(message),
    async start(more = {}) {
      const log = openSync(logFile, 'a');
      const started = fork(join(repository, entry), [], {
        // What they are started with under `parkwise up`.
        execArgv: ['--max-semi-space-size=1', '--disable-warning=ExperimentalWarning', '--conditions=parkwise-source'],
        cwd: repository,
        env: { ...inherited(), ...env, ...more, PARKWISE_PORT: String(port) },
        stdio: ['ignore', log, log, 'ipc'],
      });
      closeSync(log);
      child = started;
      children.add(started);
      exited = once(started, 'exit').then(([status]) => {
        children.delete(started);
        if (child === started) {
          child = undefined;
          isReady = false;
        }
        return status as number | null;
      });
      const ready = new Promise<void>((resolve, reject) => {
        const timer = setTimeout(
          () => reject(new Error(`${name} is not ready after ${START_MS} ms:\n${tail()}`)),
          START_MS,
        );
        started.on('message', (message: { readonly type: string; readonly message?: string }) => {
          if (message.type === 'ready') resolve();
          if (message.type === 'failed') reject(new Error(`${name} cannot start: ${message.message}`));
        });
        void exited.then((status) => reject(new Error(`${name} ended with ${status} before it was ready:\n${tail()}`)));
        started.once('exit', () => clearTimeout(timer));
        started.once('message', () => clearTimeout(timer));
      });
      await ready;
      isReady = true;
    },
    async kill() {
      child?.kill('SIGKILL');
      await exited;
      tail();
    },
    pause: () => void child?.kill('SIGSTOP'),
    resume: () => void child?.kill('SIGCONT'),
    async stop() {
      const stopping = child;
      if (!stopping) return exited;
      stopping.kill('SIGCONT');
      stopping.kill('SIGTERM');
      const watchdog = setTimeout(() => stopping.kill('SIGKILL'), STOP_MS);
      const status = await exited;
      clearTimeout(watchdog);
      return status;
    },
  };
};

/** The environment of this process without what would change a service. */
const inherited = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(process.env).filter(
      (entry): entry is [string, string] =>
        entry[1] !== undefined && !/^(PARKWISE|BOOKING|IDENTITY|PARKING_LOT)_/.test(entry[0]),
    ),
  );
