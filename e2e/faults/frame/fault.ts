/** What a fault is to the command that runs it. Each is one file of `e2e/faults/`, which exports `fault`. */
import type { ServerName } from '../world/servers.ts';

export const STACKS = ['embedded', 'external'] as const;

/** `embedded`: SQLite and the log in SQLite. `external`: MariaDB, Kafka, Redis. */
export type StackName = (typeof STACKS)[number];

/** A promise broken on purpose: a run with it has to turn red, or the fault says nothing. */
export interface Saboteur {
  /** What is done wrong. */
  readonly breaks: string;
  /** Where it can be noticed, if not everywhere. */
  readonly only?: { readonly stack: StackName; readonly because: string };
  /** Settings by which services get it; by default PARKWISE_SABOTAGE with its name. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface FaultRun {
  readonly stack: StackName;
  /** The figures of the requirements; a reduction that takes seconds otherwise. */
  readonly full: boolean;
  readonly seed: number;
  /** Numbers in [0, 1) that the seed decides. */
  readonly random: () => number;
  /** The saboteur at work. */
  readonly sabotage: string | undefined;
  /** What each service is started with, to be sabotaged. */
  readonly env: Readonly<Record<string, string>>;
  /** The fault's. */
  readonly own: readonly ServerName[];
  /** A promise: the run is red if it is not kept. */
  expect(what: string, kept: boolean): void;
  /** What must be so for the run to mean anything (there was load, the fault happened); without it the run is void. */
  need(what: string, given: boolean): void;
  /** A line of the report. */
  note(text: string): void;
}

export interface FaultReport {
  /** `200 kills of booking under 6 drivers`. */
  readonly tried: string;
  /** How many faults came where they can do harm. Absent where each does by its nature. */
  readonly landed?: { readonly count: number; readonly of: number; readonly where: string };
  /** What clients were promised and is not there, or is there twice. */
  readonly lost: number;
}

export interface Fault {
  readonly name: string;
  /** What is done and what has to hold, in a line. */
  readonly summary: string;
  /** Absent: both stacks. */
  readonly only?: { readonly stack: StackName; readonly because: string };
  /** Servers that it hurts: on the external stack they are of its own, others go on. One run at a time can have each. */
  readonly own?: readonly ServerName[];
  /** It measures milliseconds: with `--ci` nothing else runs meanwhile, unless it is sabotaged. */
  readonly alone?: true;
  /** Time limits: a run that takes longer is ended, and void. */
  readonly seconds: { readonly reduced: number; readonly full: number };
  readonly saboteurs: Readonly<Record<string, Saboteur>>;
  run(run: FaultRun): Promise<FaultReport>;
}

/** `green`: all promises kept. `red`: one was broken. `void`: nothing can be said, because the run was not what it should be. */
export type Verdict = 'green' | 'red' | 'void';

export const stacksOf = ({ only }: { readonly only?: { readonly stack: StackName } }): readonly StackName[] =>
  only ? [only.stack] : STACKS;
