import { randomUUID } from 'node:crypto';
import { runWithContext } from '../observability/context.ts';
import type { JobTurns } from './job-turns.ts';
import type { Job, Log } from './service-definition.ts';

export interface RunningJobs {
  /** Runs one job now, as its timer would; waits for a run that is under way first. Rejects when it fails. */
  run(name: string): Promise<void>;
  /** Starts no run any more, aborts those under way, and resolves once they have ended. */
  stop(): Promise<void>;
}

export interface JobsOptions {
  readonly log: Log;
  /** Off in tests, which run jobs by name. */
  readonly timers?: boolean;
  /** Among the processes of the service; without them this process is alone. */
  readonly turns?: JobTurns;
}

/**
 * Runs each job over and over: its next run starts `everyMs` after the end of the last, whether that failed or not, and in one process
 * of the service at a time.
 */
export const runJobs = (jobs: readonly Job[], { log, timers = true, turns }: JobsOptions): RunningJobs => {
  const stopping = new AbortController();
  const pending = new Map<Job, NodeJS.Timeout>();
  const running = new Map<Job, Promise<void>>();
  const taken = new Set<Promise<unknown>>();

  const runOnce = (job: Job, lost?: AbortSignal): Promise<void> => {
    const run = async (): Promise<void> => {
      await running.get(job)?.catch(() => undefined); // its own caller hears of it
      if (stopping.signal.aborted) return;
      await runWithContext({ correlationId: randomUUID() }, () =>
        job.run(lost ? AbortSignal.any([stopping.signal, lost]) : stopping.signal),
      );
    };
    const promise = run().finally(() => {
      if (running.get(job) === promise) running.delete(job);
    });
    running.set(job, promise);
    return promise;
  };

  /** @returns after how many milliseconds to look again */
  const runInTurn = async (job: Job): Promise<number> => {
    const turn = await turns?.take(job);
    if (typeof turn === 'number') return turn;
    try {
      await runOnce(job, turn?.lost);
    } finally {
      await turn?.end();
    }
    return job.everyMs;
  };

  const schedule = (job: Job, afterMs: number): void => {
    const again = async (): Promise<void> => {
      let nextMs = job.everyMs;
      try {
        const taking = runInTurn(job);
        taken.add(taking);
        nextMs = await taking.finally(() => taken.delete(taking));
      } catch (error) {
        if (!stopping.signal.aborted) log.error({ err: error, job: job.name }, 'job failed');
      }
      if (!stopping.signal.aborted) schedule(job, nextMs);
    };
    pending.set(
      job,
      setTimeout(() => void again(), afterMs),
    );
  };
  if (timers) for (const job of jobs) schedule(job, job.everyMs);

  return {
    run(name) {
      const job = jobs.find((candidate) => candidate.name === name);
      if (job !== undefined) return runOnce(job);
      const known = jobs.map((candidate) => candidate.name).join(', ') || 'none';
      return Promise.reject(new Error(`there is no job "${name}"; the service has: ${known}`));
    },
    async stop() {
      stopping.abort();
      for (const timer of pending.values()) clearTimeout(timer);
      await Promise.allSettled([...running.values(), ...taken]);
    },
  };
};
