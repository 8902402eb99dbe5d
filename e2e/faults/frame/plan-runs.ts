import type { ServerName } from '../world/servers.ts';
import { stacksOf, type Fault, type StackName } from './fault.ts';

/** One run of `--ci`. */
export interface PlannedRun {
  readonly fault: Fault;
  readonly stack: StackName;
  readonly sabotage: string | undefined;
}

export interface PlanOptions {
  readonly faults: readonly Fault[];
  readonly stacks: readonly StackName[];
  readonly saboteurs: boolean;
}

/** Every fault on each of its stacks, and every saboteur once, on the first stack where it can be noticed. */
export const planRuns = ({ faults, stacks, saboteurs }: PlanOptions): readonly PlannedRun[] =>
  stacks.flatMap((stack) =>
    faults
      .filter((fault) => stacksOf(fault).includes(stack))
      .flatMap((fault) =>
        [undefined, ...(saboteurs ? saboteursOn(fault, stack, stacks) : [])].map((sabotage) => ({
          fault,
          stack,
          sabotage,
        })),
      ),
  );

const saboteursOn = (fault: Fault, stack: StackName, stacks: readonly StackName[]): string[] =>
  Object.entries(fault.saboteurs)
    .filter(([, saboteur]) => {
      const places = stacks.filter((one) => stacksOf(fault).includes(one) && stacksOf(saboteur).includes(one));
      return places[0] === stack;
    })
    .map(([name]) => name);

/** `knobs on embedded with no-lock`. */
export const titleOf = ({ fault, stack, sabotage }: PlannedRun): string =>
  `${fault.name} on ${stack}${sabotage === undefined ? '' : ` with ${sabotage}`}`;

/** Servers that nobody else can have meanwhile. */
export const serversOf = ({ fault, stack }: PlannedRun): readonly ServerName[] =>
  stack === 'external' ? (fault.own ?? []) : [];

/** A saboteur makes it fail anyway: what else takes the processor does no harm then. */
export const isAlone = ({ fault, sabotage }: PlannedRun): boolean => fault.alone === true && sabotage === undefined;
