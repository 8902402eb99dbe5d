/** How long the command takes to say something, and the platform to be up; and what that takes of memory. */
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Figure } from '../../bench/figure.ts';
import { memoryOf } from '../src/platform/process-info.ts';
import { eachLine } from '../src/platform/lines.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const bin = join(repository, 'cli/bin/parkwise.js');
const ROUNDS = 9;
const FIRST_ROUNDS = 3;

/** Measures on a copy of the workspace, whose data may be thrown away. Medians. */
export async function run(): Promise<Figure[]> {
  const root = mkdtempSync(join(tmpdir(), 'parkwise-bench-'));
  try {
    for (const part of ['parkwise.yaml', 'contracts', 'services'])
      cpSync(join(repository, part), join(root, part), { recursive: true });
    symlinkSync(join(repository, 'node_modules'), join(root, 'node_modules'));
    const firsts = await rounds(FIRST_ROUNDS, async () => {
      rmSync(join(root, '.parkwise'), { recursive: true, force: true });
      return upOnce(root);
    });
    const seconds = await rounds(ROUNDS, () => upOnce(root));
    const helps = await rounds(ROUNDS + 1, async () => help());
    const megabytes = median(seconds.map(({ bytes }) => bytes)) / 2 ** 20;
    return [
      figure('node on the bin with --help, whole process', [median(helps.slice(1)), 's'], 0.2),
      figure('parkwise up to all ready, first run', [median(firsts.map(({ ms }) => ms)) / 1000, 's'], 4),
      figure('parkwise up to all ready, second run', [median(seconds.map(({ ms }) => ms)) / 1000, 's'], 2),
      // Where there is no proportional set size, the resident sets count shared pages many times: no figure then.
      ...(existsSync('/proc/self/smaps_rollup')
        ? [figure('PSS of supervisor and three services', [megabytes, 'MB'], 300)]
        : []),
    ];
  } finally {
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  }
}

const rounds = async <T>(count: number, measure: () => Promise<T>): Promise<T[]> => {
  const results: T[] = [];
  for (let round = 0; round < count; round += 1) results.push(await measure());
  return results;
};

const help = (): number => {
  const begun = performance.now();
  const { status } = spawnSync(process.execPath, [bin, '--help'], { cwd: repository });
  if (status !== 0) throw new Error(`--help ended with ${status}`);
  return (performance.now() - begun) / 1000;
};

/** From the start of the command to the line that says that all are ready; then the memory of all of them, and down. */
const upOnce = async (root: string): Promise<{ ms: number; bytes: number }> => {
  const base = await freePortBase();
  const begun = performance.now();
  const child = spawn(process.execPath, [bin, 'up', '--json', '--port-base', String(base)], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  const ms = await new Promise<number>((resolve, reject) => {
    eachLine(child.stdout, (line) => {
      const { service, msg } = JSON.parse(line) as { service: string; msg: string };
      if (service === 'parkwise' && msg === 'ready') resolve(performance.now() - begun);
    });
    void ended.then(() => reject(new Error('up ended before it was ready')));
  });
  const listed = spawnSync(process.execPath, [bin, 'ps', '--json'], { cwd: root, encoding: 'utf8' });
  const services = JSON.parse(listed.stdout) as { memory: number | null }[];
  const bytes = services.reduce((sum, { memory }) => sum + (memory ?? 0), memoryOf(child.pid ?? -1) ?? 0);
  child.kill('SIGTERM');
  await ended;
  return { ms, bytes };
};

const freePortBase = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : 40_000;
      probe.close(() => resolve(Math.min(port, 65_000)));
    });
  });

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const figure = (name: string, [value, unit]: [number, string], most: number): Figure => ({
  name,
  value: Number(value.toFixed(unit === 'MB' ? 0 : 3)),
  unit,
  goal: `<= ${most}`,
  holds: value <= most,
});
