import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process, told apart from a later one that was given the same pid. */
export interface ProcessMark {
  readonly pid: number;
  /** When it started, in whatever form the system has; '' if it cannot be known. */
  readonly started: string;
}

const linux = process.platform === 'linux';

const ps = (pid: number, column: string): string => {
  try {
    return execFileSync('ps', ['-o', `${column}=`, '-p', String(pid)], { encoding: 'utf8', stdio: 'pipe' }).trim();
  } catch {
    return '';
  }
};

/** Fields of `/proc/<pid>/stat` after the command, which may itself hold blanks and brackets. */
const stat = (pid: number): readonly string[] | undefined => {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
};

/** Marks a process that runs now. */
export const markProcess = (pid: number): ProcessMark => ({
  pid,
  started: linux ? (stat(pid)?.[19] ?? '') : ps(pid, 'lstart'),
});

/** Whether the marked process still runs; one that has ended and waits for its parent (a zombie) does not. */
export const isRunning = ({ pid, started }: ProcessMark): boolean => {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  if (!linux) return started === '' || ps(pid, 'lstart') === started;
  const fields = stat(pid);
  return fields !== undefined && fields[0] !== 'Z' && (started === '' || fields[19] === started);
};

/** Memory in bytes: the proportional share (PSS) on Linux, else the resident set; undefined if it cannot be known. */
export const memoryOf = (pid: number): number | undefined => {
  if (!linux) {
    const kilobytes = Number(ps(pid, 'rss') || Number.NaN);
    return Number.isNaN(kilobytes) ? undefined : kilobytes * 1024;
  }
  try {
    const match = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'));
    return match === null ? undefined : Number(match[1]) * 1024;
  } catch {
    return undefined;
  }
};

/** Sends the signal to the marked process; false if it is gone already. */
export const signalProcess = (mark: ProcessMark, signal: NodeJS.Signals): boolean => {
  if (!isRunning(mark)) return false;
  try {
    return process.kill(mark.pid, signal);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
};

/** Resolves to true once none of the processes runs, to false if some still does after `ms`. */
export const waitUntilGone = async (marks: readonly ProcessMark[], ms: number): Promise<boolean> => {
  const end = performance.now() + ms;
  while (marks.some(isRunning)) {
    if (performance.now() >= end) return false;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return true;
};
