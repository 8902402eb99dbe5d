import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A workspace of its own for a test, with the contracts of a golden scenario. */
export interface AWorkspace {
  readonly root: string;
  read(path: string): string;
  write(path: string, text: string): void;
  edit(path: string, change: (text: string) => string): void;
  exists(path: string): boolean;
  remove(path: string): void;
  /** Everything outside the throw-away folder: path → text. */
  files(): ReadonlyMap<string, string>;
  times(): ReadonlyMap<string, number>;
}

export const aWorkspace = (t: { teardown(work: () => void): void }, scenario = 'basics'): AWorkspace => {
  const root = mkdtempSync(join(tmpdir(), 'parkwise-generate-'));
  t.teardown(() => rmSync(root, { recursive: true, force: true }));
  cpSync(fileURLToPath(new URL(`../golden/${scenario}/input`, import.meta.url)), root, { recursive: true });
  const at = (path: string): string => join(root, path);
  const paths = (): string[] =>
    readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(root, join(entry.parentPath, entry.name)))
      .filter((path) => !path.startsWith('.parkwise/'))
      .toSorted();
  const read = (path: string): string => readFileSync(at(path), 'utf8');
  const write = (path: string, text: string): void => writeFileSync(at(path), text);
  return {
    root,
    read,
    write,
    edit: (path, change) => write(path, change(read(path))),
    exists: (path) => existsSync(at(path)),
    remove: (path) => rmSync(at(path), { recursive: true }),
    files: () => new Map(paths().map((path) => [path, read(path)])),
    times: () => new Map(paths().map((path) => [path, statSync(at(path)).mtimeMs])),
  };
};
