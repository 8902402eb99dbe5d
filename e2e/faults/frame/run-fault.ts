import type { Fault, FaultReport, FaultRun, StackName, Verdict } from './fault.ts';
import { whatServicesSaid } from '../world/service-process.ts';
import { seededRandom } from './seeded-random.ts';

export interface FaultSettings {
  readonly stack: StackName;
  readonly full: boolean;
  readonly seed: number;
  /** Name of one of its saboteurs. */
  readonly sabotage?: string;
  /** Takes a line of the report. */
  readonly say: (line: string) => void;
}

/** Runs one fault within its time limit and says what came of it. */
export const runFault = async (fault: Fault, settings: FaultSettings): Promise<Verdict> => {
  const { stack, full, seed, sabotage, say } = settings;
  const broken: string[] = [];
  const missing: string[] = [];
  const judge = (list: string[]) => (what: string, holds: boolean) => {
    say(`  ${holds ? '✓' : '✗'} ${what}`);
    if (!holds) list.push(what);
  };
  const run: FaultRun = {
    stack,
    full,
    seed,
    random: seededRandom(seed),
    sabotage,
    env: sabotage === undefined ? {} : (fault.saboteurs[sabotage]?.env ?? { PARKWISE_SABOTAGE: sabotage }),
    own: fault.own ?? [],
    expect: judge(broken),
    need: judge(missing),
    note: (text) => say(`  · ${text}`),
  };
  const limit = full ? fault.seconds.full : fault.seconds.reduced;
  say(
    `${fault.name} · ${stack} · ${full ? 'full' : 'reduced'} · seed ${seed}${sabotage === undefined ? '' : ` · saboteur ${sabotage}`}`,
  );
  const startedAt = performance.now();
  let report: FaultReport | undefined;
  try {
    report = await within(limit, fault.run(run));
  } catch (error) {
    judge(missing)(`the run could be carried out: ${inWords(error).replaceAll('\n', '\n    ')}`, false);
  }
  if (report) {
    const { tried, landed, lost } = report;
    say(`  tried   ${tried}`);
    if (landed) {
      say(`  landed  ${landed.count} of ${landed.of} ${landed.where}`);
      // A saboteur may break things so early that nothing gets as far.
      if (landed.count === 0 && sabotage === undefined) missing.push('some faults landed where they matter');
    }
    say(`  lost    ${lost}`);
    if (lost > 0) broken.push(`${lost} lost`);
  }
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const verdict: Verdict = broken.length > 0 && report ? 'red' : missing.length > 0 ? 'void' : 'green';
  const why = { green: '', red: `: ${broken.join('; ')}`, void: `: ${missing.map(firstLine).join('; ')}` }[verdict];
  if (verdict === 'void' || (verdict === 'red' && sabotage === undefined))
    for (const text of whatServicesSaid()) say(`  ${text.replaceAll('\n', '\n    ')}`);
  say(`  ${verdict.toUpperCase()} after ${seconds} s of at most ${limit} s${why}`);
  return verdict;
};

const firstLine = (text: string): string => text.split('\n')[0] ?? '';

const within = async <R>(seconds: number, work: Promise<R>): Promise<R> => {
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`It took longer than ${seconds} s`)), seconds * 1000);
  });
  try {
    return await Promise.race([work, end]);
  } finally {
    clearTimeout(timer);
  }
};

/** What went wrong first, before what went wrong while that was cleaned up. */
const inWords = (error: unknown): string => {
  if (error instanceof SuppressedError)
    return `${inWords(error.suppressed)}\nand in cleaning up: ${inWords(error.error)}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
};
