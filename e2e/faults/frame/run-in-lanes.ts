import { isAlone, serversOf, type PlannedRun } from './plan-runs.ts';

/**
 * Carries out all runs, so many at once, as long as none is in the way of another: who needs a server of its own waits for whoever has
 * it, and who must be alone comes when the others are through.
 */
export const runInLanes = async (
  runs: readonly PlannedRun[],
  lanes: number,
  carryOut: (run: PlannedRun) => Promise<void>,
): Promise<void> => {
  const waiting = runs.filter((run) => !isAlone(run));
  const underWay = new Map<PlannedRun, Promise<void>>();
  while (waiting.length > 0 || underWay.size > 0) {
    const taken = new Set([...underWay.keys()].flatMap(serversOf));
    const next = underWay.size < lanes ? waiting.findIndex((run) => taken.isDisjointFrom(new Set(serversOf(run)))) : -1;
    const [run] = next < 0 ? [] : waiting.splice(next, 1);
    if (run) {
      underWay.set(
        run,
        carryOut(run).finally(() => underWay.delete(run)),
      );
      continue;
    }
    await Promise.race(underWay.values());
  }
  for (const run of runs.filter(isAlone)) await carryOut(run);
};
