/** How long `parkwise generate` takes as a whole process: everything, and when nothing has changed. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly goal: string;
  readonly holds: boolean;
}

const repository = fileURLToPath(new URL('../..', import.meta.url));
const program = join(repository, 'cli/bin/parkwise.js');
const rounds = 9;

const NOT_COPIED = ['node_modules', '.git', '.parkwise', '.tap', 'dist'];

/** A copy of this repository, so that the bench changes nothing. */
const copyWorkspace = (): string => {
  const root = mkdtempSync(join(tmpdir(), 'parkwise-bench-'));
  cpSync(repository, root, { recursive: true, filter: (path) => !NOT_COPIED.includes(basename(path)) });
  symlinkSync(join(repository, 'node_modules'), join(root, 'node_modules'));
  return root;
};

const seconds = (root: string, ...args: readonly string[]): number => {
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Error(`parkwise ${args.join(' ')} ended with ${status}: ${stdout}${stderr}`);
  return (performance.now() - start) / 1000;
};

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

const figure = (name: string, values: readonly number[], most: number): Figure => {
  const value = Number(median(values).toFixed(3));
  return { name, value, unit: 's', goal: `<= ${most}`, holds: value <= most };
};

/** Interleaved rounds, after one that warms V8's compile cache; the content cache is removed before each full run. */
export const run = async (): Promise<Figure[]> => {
  const root = copyWorkspace();
  try {
    const remembered = join(root, '.parkwise', 'cache', 'generate.json');
    const full: number[] = [];
    const unchanged: number[] = [];
    const help: number[] = [];
    for (let round = -1; round < rounds; round += 1) {
      rmSync(remembered, { force: true });
      const times = [seconds(root, 'generate'), seconds(root, 'generate'), seconds(root, '--help')] as const;
      if (round < 0) continue;
      full.push(times[0]);
      unchanged.push(times[1]);
      help.push(times[2]);
    }
    return [
      figure('generate, three services, no content cache', full, 2.0),
      figure('generate, unchanged', unchanged, 0.6),
      figure('parkwise --help', help, 0.2),
    ];
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
};
