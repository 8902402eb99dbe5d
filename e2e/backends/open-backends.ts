import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { kafka } from './kafka.ts';
import { mariadb } from './mariadb.ts';
import { redis } from './redis.ts';
import type { Server } from './server.ts';
import type { BackendName, BackendSettings } from './settings.ts';
import { toxiproxy } from './toxiproxy.ts';

/** Real servers on this machine's loopback, each a process that outlives its starter. */
export interface Backends {
  install(name: BackendName): Promise<void>;
  /** Resolves once it answers. @returns whether it had to be started. */
  start(name: BackendName): Promise<boolean>;
  /** Asks it to end, and waits. */
  stop(name: BackendName): Promise<void>;
  /** SIGKILL: a crash. */
  kill(name: BackendName): Promise<void>;
  /** SIGSTOP: a server that hangs. */
  pause(name: BackendName): void;
  resume(name: BackendName): void;
  /** Stops it and deletes its data. */
  wipe(name: BackendName): Promise<void>;
  /** Of its process; undefined if there is none. */
  pid(name: BackendName): number | undefined;
  url(name: BackendName): string;
}

export const SERVERS: Readonly<Record<BackendName, Server>> = { mariadb, redis, kafka, toxiproxy };

const START_MS = 90_000;
const END_MS = 30_000;

export function openBackends(settings: BackendSettings): Backends {
  const at = (directory: string, name: string): string => join(settings.home, directory, name);
  for (const directory of ['data', 'log', 'run']) mkdirSync(at(directory, ''), { recursive: true });
  mkdirSync(settings.programs, { recursive: true });

  const pid = (name: BackendName): number | undefined => {
    const file = at('run', `${name}.pid`);
    const known = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
    return known > 0 && isRunning(known, SERVERS[name].processMark) ? known : undefined;
  };

  const signal = (name: BackendName, what: NodeJS.Signals): void => {
    const running = pid(name);
    if (running === undefined) throw new Error(`${name} is not running`);
    process.kill(running, what);
  };

  const end = async (name: BackendName, signals: readonly NodeJS.Signals[]): Promise<void> => {
    if (pid(name) === undefined) return;
    for (const one of signals) signal(name, one);
    for (const until = performance.now() + END_MS; pid(name) !== undefined; await sleep(20)) {
      if (performance.now() > until) throw new Error(`${name} did not end within ${END_MS / 1000} s`);
    }
    rmSync(at('run', `${name}.pid`), { force: true });
  };

  const answers = async (name: BackendName): Promise<boolean> => {
    try {
      await SERVERS[name].ask(settings);
      return true;
    } catch {
      // Not yet, or not at all: who asks goes on asking, and gives up with the server's own log.
      return false;
    }
  };

  const spawnServer = async (name: BackendName): Promise<void> => {
    const { program, args } = await SERVERS[name].prepare(settings);
    const log = openSync(at('log', `${name}.log`), 'w');
    const child = spawn(program, args, { detached: true, stdio: ['ignore', log, log] });
    closeSync(log);
    child.on('error', () => undefined); // seen below: it does not run
    child.unref();
    if (child.pid !== undefined) writeFileSync(at('run', `${name}.pid`), String(child.pid));
  };

  return {
    pid,
    install: (name) => SERVERS[name].install(settings),
    async start(name) {
      if (pid(name) !== undefined && (await answers(name))) return false;
      if (pid(name) === undefined) {
        if (await answers(name)) {
          throw new Error(
            `port ${settings.ports[name]} is taken by a ${name} of somebody else's; choose another by BACKENDS_${name.toUpperCase()}_PORT`,
          );
        }
        await SERVERS[name].install(settings);
        await spawnServer(name);
      }
      for (const until = performance.now() + START_MS; !(await answers(name)); await sleep(50)) {
        const ended = pid(name) === undefined;
        if (!ended && performance.now() < until) continue;
        const log = readFileSync(at('log', `${name}.log`), 'utf8')
          .trimEnd()
          .split('\n')
          .slice(-15)
          .join('\n');
        throw new Error(
          `${name} ${ended ? 'ended while starting' : `does not answer after ${START_MS / 1000} s`}:\n${log}`,
        );
      }
      return true;
    },
    stop: (name) => end(name, ['SIGCONT', 'SIGTERM']),
    kill: (name) => end(name, ['SIGKILL']),
    pause: (name) => signal(name, 'SIGSTOP'),
    resume: (name) => signal(name, 'SIGCONT'),
    async wipe(name) {
      await end(name, ['SIGCONT', 'SIGTERM']);
      rmSync(at('data', name), { recursive: true, force: true });
    },
    url: (name) => SERVERS[name].url(settings),
  };
}

/** A process that has ended and was not waited for yet does not run; neither does one of another program with the same id. */
function isRunning(pid: number, mark: string): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  if (!existsSync('/proc/self/status')) return true;
  try {
    if (/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))) return false;
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    // Between fork and exec the command line is still the starter's.
    return command.includes(mark) || command.includes('node');
  } catch {
    // It ended between the two looks.
    return false;
  }
}
