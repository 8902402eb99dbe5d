import { availableParallelism } from 'node:os';
import { stacksOf, type StackName, type Verdict } from './fault.ts';
import { loadFaults } from './load-faults.ts';
import { planRuns, titleOf, type PlannedRun } from './plan-runs.ts';
import { runAlone } from './run-alone.ts';
import { runInLanes } from './run-in-lanes.ts';

export interface AllSettings {
  readonly stacks: readonly StackName[];
  readonly seed: number;
  /** Whether they are tried too. */
  readonly saboteurs: boolean;
  /** Of some alone; all if empty. */
  readonly names: readonly string[];
  /** How many runs at once; one more than there are processors, and no more than four, if left out. */
  readonly lanes?: number;
  readonly say: (line: string) => void;
}

/** A run waits for half of its time; more of them would wait for each other, or for the same servers. */
const MOST_LANES = 4;
const SLOWEST = 5;

interface Done {
  readonly title: string;
  readonly seconds: number;
  readonly verdict: Verdict;
  readonly asItShould: boolean;
  /** All that its last try has printed. */
  readonly report: string;
}

/** Runs every fault, reduced, each in a process of its own, and every saboteur, once. @returns whether all is as it should be. */
export const runAll = async (settings: AllSettings): Promise<boolean> => {
  const { stacks, seed, saboteurs, names, say, lanes = Math.min(MOST_LANES, availableParallelism() + 1) } = settings;
  const faults = (await loadFaults()).filter(({ name }) => names.length === 0 || names.includes(name));
  const runs = planRuns({ faults, stacks, saboteurs });
  const done: Done[] = [];
  const startedAt = performance.now();
  await runInLanes(runs, lanes, async (run) => {
    const runStartedAt = performance.now();
    const { verdict, turns, report } = await runUntilSaid(run, seed, say);
    const seconds = (performance.now() - runStartedAt) / 1000;
    const asItShould = verdict === (run.sabotage === undefined ? 'green' : 'red');
    done.push({ title: titleOf(run), seconds, verdict, asItShould, report });
    say(
      `  ${asItShould ? '✓' : '✗'} ${done.length} of ${runs.length}: ${titleOf(run)}: ${verdict} after ${seconds.toFixed(1)} s${turns > 1 ? ` and ${turns} tries` : ''}\n`,
    );
  });
  for (const stack of stacks) {
    const list = faults.filter((fault) => stacksOf(fault).includes(stack));
    say(`${list.length} faults on ${stack}: ${list.map(({ name }) => name).join(', ')}`);
  }
  for (const { name, only } of faults) if (only) say(`${name} on ${only.stack} only: ${only.because}`);
  const slowest = done.toSorted((a, b) => b.seconds - a.seconds).slice(0, SLOWEST);
  say(`slowest: ${slowest.map(({ title, seconds }) => `${title} ${seconds.toFixed(1)} s`).join(', ')}`);
  const failed = done.filter(({ asItShould }) => !asItShould);
  // Once more, where it is seen.
  for (const { title, verdict, report } of failed) say(`failed: ${title}: ${verdict}\n${report}`);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
  say(`${done.length - failed.length} passed, ${failed.length} failed, ${seconds} s with ${lanes} at once`);
  return failed.length === 0 && done.length > 0;
};

const TRIES = 3;

/**
 * Chance decides where a fault lands: a run that says nothing is tried again by another seed, and so is a saboteur that has done no
 * harm yet. A promise that was broken without a saboteur is broken.
 */
const runUntilSaid = async (
  run: PlannedRun,
  seed: number,
  say: (line: string) => void,
): Promise<{ readonly verdict: Verdict; readonly turns: number; readonly report: string }> => {
  const wanted = run.sabotage === undefined ? ['green', 'red'] : ['red'];
  for (let turns = 1; ; turns += 1) {
    const { verdict, report } = await runAlone(run, seed + turns - 1);
    say(report.trimEnd());
    if (turns === TRIES || wanted.includes(verdict)) return { verdict, turns, report: report.trimEnd() };
  }
};
