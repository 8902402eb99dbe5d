import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UserError } from '../application/user-error.ts';
import { runFiles } from './run-files.ts';
import type { RunChoices, RunningPlatform } from './run-platform.ts';
import { readRunning } from './run-state.ts';

export interface DetachOptions extends RunChoices {
  readonly root: string;
  /** How long all may take to become ready. */
  readonly patienceMs?: number;
}

type Answer =
  | { readonly type: 'ready'; readonly running: RunningPlatform }
  | { readonly type: 'failed'; readonly error: ConstructorParameters<typeof UserError>[0] };

/**
 * `parkwise up --detach`: starts the platform in a process of its own and returns once all services are ready.
 *
 * @throws UserError (exit code 1) that says what is not
 */
export const detach = async ({ root, patienceMs = 60_000, ...choices }: DetachOptions): Promise<RunningPlatform> => {
  const files = runFiles(root);
  mkdirSync(files.run, { recursive: true });
  const entry = new URL(`detached${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);
  // A running platform goes on writing to the file it has.
  const log = openSync(files.log, readRunning(files) === undefined ? 'w' : 'a');
  const child = spawn(process.execPath, [...process.execArgv, fileURLToPath(entry), root], {
    cwd: root,
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  // Not as arguments, which everyone on the machine can see: URLs hold passwords.
  child.send(choices satisfies RunChoices, () => undefined); // one that is gone already ends below
  const answer = await new Promise<Answer | 'ended' | 'late'>((resolve, reject) => {
    const watchdog = setTimeout(() => resolve('late'), patienceMs);
    const settle = (value: Answer | 'ended'): void => {
      clearTimeout(watchdog);
      resolve(value);
    };
    child.once('message', (message: Answer) => settle(message));
    child.once('exit', () => settle('ended'));
    child.once('error', reject);
  });
  const logFile = relative(process.cwd(), files.log);
  if (answer === 'ended') {
    throw new UserError({
      code: 'ended',
      message: 'the platform ended before it was up',
      nextSteps: [`See ${logFile}.`],
      exitCode: 1,
    });
  }
  if (answer === 'late') {
    const waiting = readRunning(files)?.services.filter(({ status }) => status !== 'ready') ?? [];
    child.kill('SIGTERM');
    child.disconnect();
    throw new UserError({
      code: 'not-ready',
      message: `not ready after ${patienceMs / 1000} s: ${waiting.map(({ name, status }) => `${name} (${status})`).join(', ')}`,
      nextSteps: [`See ${logFile}; what had started is being stopped.`],
      exitCode: 1,
    });
  }
  if (answer.type === 'failed') {
    const { error } = answer;
    throw new UserError({
      ...error,
      nextSteps: [...(error.nextSteps ?? []), `All that was printed is in ${logFile}.`],
    });
  }
  child.unref();
  return answer.running;
};
