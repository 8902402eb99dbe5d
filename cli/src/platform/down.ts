import { existsSync } from 'node:fs';
import { signalProcess, waitUntilGone } from './process-info.ts';
import { runFiles } from './run-files.ts';
import { clearLeftovers, readRunning, release } from './run-state.ts';

export interface DownOptions {
  readonly root: string;
  readonly progress: (line: string) => void;
  /** How long a graceful stop may take. */
  readonly patienceMs?: number;
}

/** Stops what is up: gracefully, then by force. Returns whether anything ran. */
export const down = async ({
  root,
  progress,
  patienceMs = 30_000,
}: DownOptions): Promise<{ readonly stopped: boolean }> => {
  const files = runFiles(root);
  if (!existsSync(files.run)) return { stopped: false };
  const running = readRunning(files);
  if (running === undefined) {
    const left = await clearLeftovers(files);
    release(files);
    return { stopped: left > 0 };
  }
  progress('stopping…');
  signalProcess(running.supervisor, 'SIGTERM');
  if (!(await waitUntilGone([running.supervisor], patienceMs))) {
    progress(`it has not stopped within ${patienceMs / 1000} s: it is ended`);
    signalProcess(running.supervisor, 'SIGKILL');
    await clearLeftovers(files);
    release(files);
  }
  return { stopped: true };
};
