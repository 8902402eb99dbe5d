import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { stacksOf, type Fault, type StackName, type Verdict } from './fault.ts';
import { loadFaults } from './load-faults.ts';

export interface AllSettings {
  readonly stacks: readonly StackName[];
  readonly seed: number;
  /** Whether they are tried too. */
  readonly saboteurs: boolean;
  /** Of some alone; all if empty. */
  readonly names: readonly string[];
  readonly say: (line: string) => void;
}

/** After this much more than its own limit a run has hung. */
const EXTRA_SECONDS = 20;

/** Runs every fault, reduced, each in a process of its own, and every saboteur, once. @returns whether all is as it should be. */
export const runAll = async ({ stacks, seed, saboteurs, names, say }: AllSettings): Promise<boolean> => {
  const faults = (await loadFaults()).filter(({ name }) => names.length === 0 || names.includes(name));
  let passed = 0;
  const failed: string[] = [];
  const ran = new Map<StackName, string[]>();
  for (const stack of stacks) {
    const onStack: string[] = [];
    ran.set(stack, onStack);
    for (const fault of faults.filter((one) => stacksOf(one).includes(stack))) {
      onStack.push(fault.name);
      const tries = [undefined, ...(saboteurs ? saboteursOn(fault, stack, stacks) : [])];
      for (const sabotage of tries) {
        const verdict = await runUntilSaid(fault, { stack, seed, sabotage });
        if (verdict === (sabotage === undefined ? 'green' : 'red')) passed += 1;
        else failed.push(`${fault.name} on ${stack}${sabotage === undefined ? '' : ` with ${sabotage}`}: ${verdict}`);
      }
    }
  }
  say('');
  for (const [stack, list] of ran) say(`${list.length} faults on ${stack}: ${list.join(', ')}`);
  for (const { name, only } of faults) if (only) say(`${name} on ${only.stack} only: ${only.because}`);
  for (const text of failed) say(`failed: ${text}`);
  say(`${passed} passed, ${failed.length} failed`);
  return failed.length === 0 && passed > 0;
};

/** Each is tried once, on the first stack where it can be noticed. */
const saboteursOn = (fault: Fault, stack: StackName, stacks: readonly StackName[]): string[] =>
  Object.entries(fault.saboteurs)
    .filter(([, saboteur]) => {
      const places = stacks.filter((one) => stacksOf(fault).includes(one) && stacksOf(saboteur).includes(one));
      return places[0] === stack;
    })
    .map(([name]) => name);

const TRIES = 3;

/**
 * Chance decides where a fault lands: a run that says nothing is tried again by another seed, and so is a saboteur that has done no
 * harm yet. A promise that was broken without a saboteur is broken.
 */
const runUntilSaid = async (fault: Fault, settings: Alone): Promise<Verdict> => {
  const wanted = settings.sabotage === undefined ? ['green', 'red'] : ['red'];
  let verdict: Verdict = 'void';
  for (let turn = 0; turn < TRIES && !wanted.includes(verdict); turn += 1) {
    verdict = await runAlone(fault, { ...settings, seed: settings.seed + turn });
  }
  return verdict;
};

interface Alone {
  readonly stack: StackName;
  readonly seed: number;
  readonly sabotage: string | undefined;
}

const runAlone = async (fault: Fault, { stack, seed, sabotage }: Alone): Promise<Verdict> => {
  const words = [fault.name, '--stack', stack, '--seed', String(seed)];
  const child = fork(join(import.meta.dirname, 'command.ts'), [
    ...words,
    ...(sabotage === undefined ? [] : [`--sabotage=${sabotage}`]),
  ]);
  let verdict: Verdict = 'void';
  child.on('message', (message) => (verdict = message as Verdict));
  const watchdog = setTimeout(() => child.kill('SIGKILL'), (fault.seconds.reduced + EXTRA_SECONDS) * 1000);
  await once(child, 'exit');
  clearTimeout(watchdog);
  return verdict;
};
