import t from 'tap';
import { runJobs } from '../../src/process/run-jobs.ts';
import type { Log } from '../../src/process/service-definition.ts';

const logged: string[] = [];
const log: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: (fields, message) => logged.push(`${message} ${String((fields as { job?: string }).job)}`),
};

t.test('a job runs again after it has ended, also when it failed', async (t) => {
  const third = Promise.withResolvers<void>();
  let runs = 0;
  const job = {
    name: 'sweep',
    everyMs: 1,
    run: async () => {
      runs += 1;
      if (runs === 1) throw new Error('not this time');
      if (runs === 3) third.resolve();
    },
  };
  const jobs = runJobs([job], { log });
  await third.promise;
  await jobs.stop();
  t.strictSame(logged, ['job failed sweep']);
});

t.test('runs of one job never overlap', async (t) => {
  let inside = 0;
  let most = 0;
  const job = {
    name: 'sweep',
    everyMs: 60_000,
    run: async () => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise(setImmediate);
      inside -= 1;
    },
  };
  const jobs = runJobs([job], { log });
  await Promise.all([jobs.run('sweep'), jobs.run('sweep'), jobs.run('sweep')]);
  await jobs.stop();
  t.equal(most, 1);
});

t.test('a stop aborts what runs and waits for it', async (t) => {
  const started = Promise.withResolvers<void>();
  let ended = false;
  const job = {
    name: 'long',
    everyMs: 60_000,
    run: (signal: AbortSignal) =>
      new Promise<void>((resolve) => {
        started.resolve();
        signal.addEventListener('abort', () => {
          ended = true;
          resolve();
        });
      }),
  };
  const jobs = runJobs([job], { log });
  void jobs.run('long');
  await started.promise;
  await jobs.stop();
  t.ok(ended);
});

t.test('a name that no job has is told together with those that there are', async (t) => {
  const jobs = runJobs([{ name: 'sweep', everyMs: 1, run: async () => undefined }], { log, timers: false });
  await t.rejects(jobs.run('swepe'), { message: 'there is no job "swepe"; the service has: sweep' });
});
