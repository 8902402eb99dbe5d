import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { openDatabase } from '../../src/persistence/open-database.ts';
import { openJobTurns } from '../../src/process/job-turns.ts';
import { runJobs } from '../../src/process/run-jobs.ts';
import { manualClock } from '../../src/testing/manual-clock.ts';

const job = { name: 'sweep', everyMs: 60_000 };

/** As many processes of one service as are asked for: each has connections of its own to one database. */
const processes = async (t: Test, count: number) => {
  const folder = mkdtempSync(join(tmpdir(), 'job-turns-'));
  const clock = manualClock('2026-01-01T00:00:00Z');
  const databases = await Promise.all(
    Array.from({ length: count }, () => openDatabase(`sqlite:${folder}/data.sqlite`, { clock })),
  );
  t.teardown(async () => {
    for (const database of databases) await database.close();
    rmSync(folder, { recursive: true });
  });
  await Promise.all(databases.map((database) => database.migrate([])));
  const turns = databases.map((database) => openJobTurns({ database, clock, leaseMs: 30_000 }));
  return { clock, databases, turns };
};

t.test(
  'one process at a time has the turn, and the next is due when the job says so, for whoever is first',
  async (t) => {
    const { clock, turns } = await processes(t, 3);
    const outcomes = await Promise.all(turns.map((one) => one.take(job)));
    const [turn, ...more] = outcomes.filter((outcome) => typeof outcome !== 'number');
    t.strictSame(more, [], 'three ask at once, one gets it');
    t.equal(
      await turns[0]?.take({ ...job, name: 'other' }).then((other) => typeof other),
      'object',
      'another job is free',
    );
    await turn?.end();
    clock.advance(20_000);
    t.strictSame(await Promise.all(turns.map((one) => one.take(job))), [40_000, 40_000, 40_000], 'not due yet');
    clock.advance(40_000);
    t.type(await turns[2]?.take(job), 'object');
  },
);

t.test(
  'the turn of a process that has gone silent is free after its lease, and a clock put back stops nothing',
  async (t) => {
    const { clock, turns } = await processes(t, 2);
    const [one, other] = turns;
    t.type(await one?.take(job), 'object');
    t.equal(await other?.take(job), job.everyMs);
    clock.advance(30_001);
    const turn = await other?.take(job);
    t.type(turn, 'object');
    if (typeof turn === 'object') await turn.end();
    clock.advance(-86_400_000);
    t.type(await one?.take(job), 'object');
  },
);

t.test('jobs of several processes take turns by themselves', async (t) => {
  const { databases } = await processes(t, 3);
  let inside = 0;
  let most = 0;
  let runs = 0;
  const enough = Promise.withResolvers<void>();
  const sweep = {
    name: 'sweep',
    everyMs: 1,
    async run() {
      most = Math.max(most, (inside += 1));
      await new Promise(setImmediate);
      inside -= 1;
      if ((runs += 1) === 20) enough.resolve();
    },
  };
  const silent = () => undefined;
  const log = { debug: silent, info: silent, warn: silent, error: (fields: object) => t.fail(JSON.stringify(fields)) };
  const running = databases.map((database) =>
    runJobs([sweep], { log, turns: openJobTurns({ database, clock: { now: () => new Date() } }) }),
  );
  await enough.promise;
  await Promise.all(running.map((jobs) => jobs.stop()));
  t.equal(most, 1);
});
