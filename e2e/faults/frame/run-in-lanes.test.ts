import { setImmediate as turn } from 'node:timers/promises';
import t from 'tap';
import type { Fault, StackName } from './fault.ts';
import { planRuns, titleOf, type PlannedRun } from './plan-runs.ts';
import { runInLanes } from './run-in-lanes.ts';

const fault = (name: string, more: Partial<Fault> = {}): Fault => ({
  name,
  summary: name,
  seconds: { reduced: 1, full: 1 },
  saboteurs: {},
  run: () => Promise.reject(new Error('it is not run here')),
  ...more,
});

const STACKS: readonly StackName[] = ['embedded', 'external'];

/** Carries runs out by a few turns of the event loop each. @returns what was under way at each start, the run itself first */
const watch = async (runs: readonly PlannedRun[], lanes: number): Promise<readonly (readonly string[])[]> => {
  const underWay = new Set<string>();
  const seen: string[][] = [];
  await runInLanes(runs, lanes, async (run) => {
    seen.push([titleOf(run), ...underWay]);
    underWay.add(titleOf(run));
    for (let turns = 0; turns < 3; turns += 1) await turn();
    underWay.delete(titleOf(run));
  });
  return seen;
};

t.test('every fault on each of its stacks, every saboteur once', async (t) => {
  const saboteurs = { s: { breaks: 'a' }, later: { breaks: 'b', only: { stack: 'external', because: 'c' } } } as const;
  const faults = [fault('both', { saboteurs }), fault('one', { only: { stack: 'external', because: 'd' } })];
  t.strictSame(planRuns({ faults, stacks: STACKS, saboteurs: true }).map(titleOf), [
    'both on embedded',
    'both on embedded with s',
    'both on external',
    'both on external with later',
    'one on external',
  ]);
  t.strictSame(planRuns({ faults, stacks: ['external'], saboteurs: false }).map(titleOf), [
    'both on external',
    'one on external',
  ]);
});

t.test('as many at once as there are lanes', async (t) => {
  const runs = planRuns({
    faults: ['a', 'b', 'c', 'd', 'e'].map((name) => fault(name)),
    stacks: STACKS,
    saboteurs: true,
  });
  const seen = await watch(runs, 3);
  t.equal(seen.length, runs.length);
  t.equal(Math.max(...seen.map((list) => list.length)), 3);
});

t.test('one run at a time has a server, and others go before who waits for it', async (t) => {
  const faults = [
    fault('a', { own: ['kafka'] }),
    fault('b', { own: ['kafka'] }),
    fault('c', { own: ['redis'] }),
    fault('d'),
  ];
  const seen = await watch(planRuns({ faults, stacks: ['external'], saboteurs: true }), 2);
  t.strictSame(seen.at(1), ['c on external', 'a on external']);
  t.notOk(seen.some((list) => list.includes('a on external') && list.includes('b on external')));
});

t.test('who must be alone is, and its saboteurs need not be', async (t) => {
  const faults = [fault('a', { alone: true, saboteurs: { s: { breaks: 'x' } } }), fault('b')];
  const seen = await watch(planRuns({ faults, stacks: ['embedded'], saboteurs: true }), 2);
  t.strictSame(seen, [['a on embedded with s'], ['b on embedded', 'a on embedded with s'], ['a on embedded']]);
});

t.test('a run that throws ends all', async (t) => {
  const runs = planRuns({ faults: [fault('a'), fault('b')], stacks: ['embedded'], saboteurs: true });
  await t.rejects(
    runInLanes(runs, 2, async (run) => {
      await turn();
      if (run.fault.name === 'a') throw new Error('out of memory');
    }),
    { message: 'out of memory' },
  );
});
