import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { templatesDirectory } from '../output/templates-directory.ts';
import type { Finding } from '../model/finding.ts';
import { writeAtomically } from '../output/atomic-write.ts';
import { hashOf } from '../output/hash.ts';
import { readIfThere } from '../output/lock.ts';

/**
 * What the last complete run saw and made. As long as all of it is still so, the next run has nothing to do and need not load the
 * contracts, the emitters and the formatter to find that out. It lies with the throw-away files: without it everything is done again.
 */
interface Remembered {
  readonly tool: string;
  /** Contracts that were read → hash. */
  readonly inputs: Readonly<Record<string, string>>;
  /** The lock and the generated files → hash. */
  readonly outputs: Readonly<Record<string, string>>;
  /** Scaffolds that must be there, and those whose reason is gone and which are reported while they are there. */
  readonly scaffolds: readonly string[];
  readonly orphans: readonly string[];
  readonly findings: readonly Finding[];
}

const cachePath = (root: string): string => join(root, '.parkwise', 'cache', 'generate.json');

/** The findings of the last run, if nothing has changed since. */
export const unchangedSince = (root: string): readonly Finding[] | undefined => {
  const text = readIfThere(cachePath(root));
  if (text === undefined) return undefined;
  const remembered = parse(text);
  if (remembered?.tool !== toolVersion()) return undefined;
  const same = (table: Readonly<Record<string, string>>): boolean =>
    Object.entries(table).every(([path, hash]) => hashAt(root, path) === hash);
  const there = [...remembered.scaffolds, ...remembered.orphans].every((path) => existsSync(join(root, path)));
  return there && same(remembered.inputs) && same(remembered.outputs) ? remembered.findings : undefined;
};

export const remember = (
  root: string,
  state: Omit<Remembered, 'tool' | 'inputs'> & { readonly read: readonly string[] },
): void => {
  const { read, ...rest } = state;
  const inputs = Object.fromEntries(read.map((path) => [path, hashAt(root, path) ?? '']));
  mkdirSync(dirname(cachePath(root)), { recursive: true });
  writeAtomically(cachePath(root), JSON.stringify({ tool: toolVersion(), inputs, ...rest } satisfies Remembered));
};

const parse = (text: string): Remembered | undefined => {
  try {
    return JSON.parse(text) as Remembered;
  } catch {
    // Somebody's half of a file is as good as none: everything is generated again.
    return undefined;
  }
};

const hashAt = (root: string, path: string): string | undefined => {
  const text = readIfThere(join(root, path));
  return text === undefined ? undefined : hashOf(text);
};

/** The published package changes with its version; a checkout whenever one of its files does. */
const toolVersion = (): string => {
  const sources = fileURLToPath(new URL('..', import.meta.url));
  const manifest = readFileSync(join(sources, '..', 'package.json'), 'utf8');
  if (!import.meta.url.endsWith('.ts')) return hashOf(manifest);
  const folders = ['application', 'contracts', 'emitters', 'model', 'output', 'source'].map((name) =>
    join(sources, name),
  );
  const files = [...folders, templatesDirectory()].flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const path = join(entry.parentPath, entry.name);
        const { size, mtimeMs } = statSync(path);
        return `${path} ${size} ${mtimeMs}`;
      }),
  );
  return hashOf(manifest + files.toSorted().join('\n'));
};
