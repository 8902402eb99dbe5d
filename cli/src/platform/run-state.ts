import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { UserError } from '../application/user-error.ts';
import { isRunning, markProcess, signalProcess, waitUntilGone, type ProcessMark } from './process-info.ts';
import type { RunFiles } from './run-files.ts';

export type ServiceStatus = 'starting' | 'ready' | 'failed' | 'stopped';

/** One process of a service as the supervisor last saw it. */
export interface ServiceState {
  /** `orders`, or `orders/2` where it has several. */
  readonly name: string;
  readonly service: string;
  readonly url: string;
  readonly status: ServiceStatus;
  readonly process: ProcessMark | null;
  /** How often it was started again after it had ended by itself. */
  readonly restarts: number;
  /** On their way in or out while one takes the place of another. */
  readonly others?: readonly ProcessMark[];
}

/** What `.parkwise/run/state.json` says; the supervisor alone writes it. */
export interface RunState {
  readonly supervisor: ProcessMark;
  readonly portBase: number;
  /** What the services store and send through. */
  readonly stack: 'embedded' | 'external';
  /** Of the development issuer; '' in production. */
  readonly issuer: string;
  /** Where the supervisor takes orders; who gives them shows the secret of this checkout. */
  readonly controlPort: number;
  readonly services: readonly ServiceState[];
}

/** The state of the last `up`, whether it still runs or not. */
export const readState = (files: RunFiles): RunState | undefined => readJson<RunState>(files.state);

/** The state of the `up` that runs now; undefined if none does. */
export const readRunning = (files: RunFiles): RunState | undefined => {
  const state = readState(files);
  return state !== undefined && isRunning(state.supervisor) ? state : undefined;
};

export const writeState = (files: RunFiles, state: RunState): void => {
  // Whoever reads sees the old or the new state, never half of one.
  const draft = `${files.state}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(state, null, 2));
  renameSync(draft, files.state);
};

/**
 * Makes this process the one that runs the workspace. What a killed predecessor left behind is cleared away first: its services stop by
 * themselves when they lose it, and are ended if they do not.
 */
export const takeOver = async (files: RunFiles): Promise<void> => {
  mkdirSync(files.run, { recursive: true });
  const mine = `${files.lock}.${process.pid}`;
  writeFileSync(mine, JSON.stringify(markProcess(process.pid)));
  try {
    while (!linked(mine, files.lock)) {
      const holder = readJson<ProcessMark>(files.lock);
      if (holder !== undefined && isRunning(holder)) throw alreadyUp(holder.pid);
      const stale = `${mine}.stale`;
      if (!renamed(files.lock, stale)) continue;
      // Between the look and the move another process may have put its own lock there: it gets it back.
      const moved = readJson<ProcessMark>(stale);
      if (moved !== undefined && isRunning(moved)) linked(stale, files.lock);
      rmSync(stale, { force: true });
    }
  } finally {
    rmSync(mine, { force: true });
  }
  await clearLeftovers(files);
};

/** Ends what a killed supervisor left running. Returns how many processes there were. */
export const clearLeftovers = async (files: RunFiles): Promise<number> => {
  const left = (readState(files)?.services ?? [])
    .flatMap(({ process: mark, others = [] }) => (mark === null ? others : [mark, ...others]))
    .filter(isRunning);
  if (left.length === 0) return 0;
  for (const mark of left) signalProcess(mark, 'SIGTERM');
  if (!(await waitUntilGone(left, 3000))) {
    for (const mark of left) signalProcess(mark, 'SIGKILL');
    await waitUntilGone(left, 3000);
  }
  return left.length;
};

/** Gives up what {@link takeOver} took. */
export const release = (files: RunFiles): void => {
  rmSync(files.state, { force: true });
  rmSync(files.lock, { force: true });
};

const alreadyUp = (pid: number): UserError =>
  new UserError({
    code: 'already-up',
    message: `this workspace is up already (process ${pid})`,
    nextSteps: [
      'See it with "parkwise ps", stop it with "parkwise down".',
      'A second checkout can run beside it with --port-base.',
    ],
    exitCode: 1,
  });

const readJson = <T>(path: string): T | undefined => {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as T;
  } catch {
    return undefined; // not there, or cut off by a crash: as good as not there
  }
};

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

const linked = (from: string, to: string): boolean => {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
};

const renamed = (from: string, to: string): boolean => {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false;
    throw error;
  }
};
