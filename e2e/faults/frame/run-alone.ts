import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Verdict } from './fault.ts';
import type { PlannedRun } from './plan-runs.ts';

/** After this much more than its own limit a run has hung. */
const EXTRA_SECONDS = 20;

export interface Ended {
  readonly verdict: Verdict;
  /** All that it has printed. */
  readonly report: string;
}

/** Runs a fault, reduced, in a process of its own. */
export const runAlone = async ({ fault, stack, sabotage }: PlannedRun, seed: number): Promise<Ended> => {
  const words = [fault.name, '--stack', stack, '--seed', String(seed)];
  const child = fork(
    join(import.meta.dirname, 'command.ts'),
    [...words, ...(sabotage === undefined ? [] : [`--sabotage=${sabotage}`])],
    {
      // What several print at once nobody can read.
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // kafkajs sets timers for what is due already.
      execArgv: [...process.execArgv, '--disable-warning=TimeoutNegativeWarning'],
      env: {
        ...process.env,
        NODE_COMPILE_CACHE: join(import.meta.dirname, '../../../.parkwise/cache/compile'),
      },
    },
  );
  let verdict: Verdict = 'void';
  child.on('message', (message) => (verdict = message as Verdict));
  const watchdog = setTimeout(() => child.kill('SIGKILL'), (fault.seconds.reduced + EXTRA_SECONDS) * 1000);
  const printed = Promise.all([child.stdout, child.stderr].map((stream) => (stream ? text(stream) : '')));
  await once(child, 'exit');
  clearTimeout(watchdog);
  return { verdict, report: (await printed).join('') };
};
