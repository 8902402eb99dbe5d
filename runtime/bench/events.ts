/**
 * From commit in one service to effect in another: each a process with a SQLite file of its own, outbox, relay, the embedded log and
 * the inbox between them. `node --conditions=parkwise-source runtime/bench/events.ts` prints the figures.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly goal: string;
  readonly holds: boolean;
}

const PER_SECOND = 200;
const ROUNDS = 9;
const SECONDS = 3;
/** The first messages of a process meet cold code, which a service has behind it after its first second. */
const WARM_UP = PER_SECOND;
const GOAL_MS = 50;

/** Nine rounds; the figures are medians of the rounds' percentiles. */
export async function run(): Promise<Figure[]> {
  const rounds: number[][] = [];
  for (let round = 0; round < ROUNDS; round += 1) rounds.push(await latencies());
  const median = (share: number): number =>
    percentile(
      rounds.map((round) => percentile(round, share)),
      0.5,
    );
  const name = `from commit to effect in another service at ${PER_SECOND} events/s`;
  const p99 = median(0.99);
  return [
    { name: `${name}, p50`, value: rounded(median(0.5)), unit: 'ms', goal: '', holds: true },
    { name: `${name}, p99`, value: rounded(p99), unit: 'ms', goal: `<= ${GOAL_MS}`, holds: p99 <= GOAL_MS },
  ];
}

/** Milliseconds of each event of one round, in ascending order. */
async function latencies(): Promise<number[]> {
  const directory = await mkdtemp(join(tmpdir(), 'bench-'));
  const url = (name: string): string => `sqlite:${join(directory, name)}`;
  const count = String(WARM_UP + PER_SECOND * SECONDS);
  try {
    const warehouse = await start(['warehouse', url('warehouse'), url('log'), count]);
    const sales = await start(['sales', url('sales'), url('log'), count, String(PER_SECOND)]);
    const results = Promise.all([timesOf(sales), timesOf(warehouse)]);
    sales.send('go');
    const [committed, handled] = await results;
    return [...committed]
      .slice(WARM_UP)
      .map(([id, at]) => (handled.get(id) ?? Number.POSITIVE_INFINITY) - at)
      .toSorted((a, b) => a - b);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function start(args: readonly string[]): Promise<ChildProcess> {
  const child = fork(join(import.meta.dirname, 'events-process.ts'), args, {
    execArgv: ['--conditions=parkwise-source', '--disable-warning=ExperimentalWarning'],
  });
  await once(child, 'message');
  return child;
}

async function timesOf(child: ChildProcess): Promise<ReadonlyMap<string, number>> {
  const [times] = (await once(child, 'message')) as [(readonly [string, number])[]];
  return new Map(times);
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

const rounded = (value: number): number => Math.round(value * 100) / 100;

if (process.argv[1] === import.meta.filename) console.log(JSON.stringify(await run(), undefined, 2));
