import { randomUUID } from 'node:crypto';
import { runWithContext } from '../observability/context.ts';
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
}

/** Runs each job over and over: its next run starts `everyMs` after the end of the last, whether that failed or not. */
export const runJobs = (jobs: readonly Job[], { log, timers = true }: JobsOptions): RunningJobs => {
  const stopping = new AbortController();
  const pending = new Map<Job, NodeJS.Timeout>();
  const running = new Map<Job, Promise<void>>();

  const runOnce = (job: Job): Promise<void> => {
    const run = async (): Promise<void> => {
      await running.get(job)?.catch(() => undefined); // its own caller hears of it
      if (stopping.signal.aborted) return;
      await runWithContext({ correlationId: randomUUID() }, () => job.run(stopping.signal));
    };
    const promise = run().finally(() => {
      if (running.get(job) === promise) running.delete(job);
    });
    running.set(job, promise);
    return promise;
  };

  const schedule = (job: Job): void => {
    const again = async (): Promise<void> => {
      try {
        await runOnce(job);
      } catch (error) {
        if (!stopping.signal.aborted) log.error({ err: error, job: job.name }, 'job failed');
      }
      if (!stopping.signal.aborted) schedule(job);
    };
    pending.set(
      job,
      setTimeout(() => void again(), job.everyMs),
    );
  };
  if (timers) for (const job of jobs) schedule(job);

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
      await Promise.allSettled(running.values());
    },
  };
};
