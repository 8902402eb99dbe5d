import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface RunState {
  readonly supervisor?: { readonly pid: number };
  readonly services: readonly {
    readonly name: string;
    /** The same for all processes of a service. */
    readonly service?: string;
    readonly url: string;
    readonly status: string;
    readonly process: { readonly pid: number } | null;
  }[];
}

const readRunState = (platform: { readonly root: string }): RunState => {
  const file = join(platform.root, '.parkwise/run/state.json');
  if (!existsSync(file)) return { services: [] };
  return JSON.parse(readFileSync(file, 'utf8')) as RunState;
};

/** Ends processes as a crash would; whoever is gone already is. */
const kill = (pid: number): void => {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
};

/** All processes of a service. @returns how many there were */
export const killService = (platform: { readonly root: string }, name: string): number => {
  const processes = readRunState(platform).services.flatMap((one) =>
    one.process && (one.name === name || one.service === name) ? [one.process] : [],
  );
  for (const { pid } of processes) kill(pid);
  return processes.length;
};

/** Supervisor first, so that it starts nothing again. */
export const killPlatform = (platform: { readonly root: string }): void => {
  const { supervisor, services } = readRunState(platform);
  if (supervisor) kill(supervisor.pid);
  for (const service of services) if (service.process) kill(service.process.pid);
};

/** Resolves when all services say that they are ready. */
export const allReady = async (platform: { readonly root: string }, deadlineMs = 30_000): Promise<void> => {
  const deadline = performance.now() + deadlineMs;
  for (const { name, url } of readRunState(platform).services) {
    while (!(await isReady(url))) {
      if (performance.now() > deadline) throw new Error(`${name} is not ready after ${deadlineMs} ms`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
};

const isReady = async (url: string): Promise<boolean> => {
  try {
    return (await fetch(`${new URL(url).origin}/health/ready`)).ok;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
};
