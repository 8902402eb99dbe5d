import { join } from 'node:path';
import { hashOf } from './hash.ts';
import type { Journal } from './journal.ts';
import { pristinePath, readIfThere, type Lock } from './lock.ts';
import type { OutputFile } from './output-file.ts';

/** What has to happen to make the disk what the contracts say. Made from what is there, changes nothing. */
export interface Plan {
  readonly write: readonly { readonly path: string; readonly text: string; readonly isNew: boolean }[];
  readonly remove: readonly string[];
  /** Regenerated files that somebody has edited: left alone. */
  readonly edited: readonly string[];
  /** Files that are no longer generated and have been edited: left alone. */
  readonly editedStale: readonly string[];
  /** Scaffolds whose reason is gone from the contract: never removed. */
  readonly orphans: readonly string[];
  /** The lock once all of it is done. */
  readonly lock: Lock;
}

export interface PlanInput {
  readonly root: string;
  /** Formatted. */
  readonly files: readonly OutputFile[];
  readonly lock: Lock;
  readonly journal: Journal;
  readonly force: boolean;
  /** Whether a path of the lock belongs to what is being generated: with some services only, the others' files stay. */
  readonly isCovered: (path: string) => boolean;
}

export const makePlan = (input: PlanInput): Plan => {
  const write: { path: string; text: string; isNew: boolean }[] = [];
  const edited: string[] = [];
  const regenerated: Record<string, string> = {};
  const scaffolded: Record<string, string> = {};
  for (const file of input.files) {
    const current = readIfThere(join(input.root, file.path));
    if (file.policy === 'scaffolded') {
      scaffold(file, current, { input, write, scaffolded });
      continue;
    }
    const known = input.lock.regenerated[file.path];
    if (current === file.text) regenerated[file.path] = hashOf(file.text);
    else if (current === undefined || input.force || isOurs(file.path, current, input)) {
      write.push({ path: file.path, text: file.text, isNew: current === undefined });
      regenerated[file.path] = hashOf(file.text);
    } else {
      edited.push(file.path);
      if (known !== undefined) regenerated[file.path] = known;
    }
  }
  const stale = staleFiles(input);
  for (const path of Object.keys(input.lock.regenerated).filter(
    (path) => !input.isCovered(path) || stale.edited.includes(path),
  )) {
    regenerated[path] = input.lock.regenerated[path] as string;
  }
  const orphans = orphanScaffolds(input);
  for (const path of Object.keys(input.lock.scaffolded).filter(
    (path) => !input.isCovered(path) || orphans.includes(path),
  )) {
    scaffolded[path] = input.lock.scaffolded[path] as string;
  }
  return {
    write,
    remove: [...stale.remove, ...forgottenPristines(input)],
    edited,
    editedStale: stale.edited,
    orphans,
    lock: { regenerated, scaffolded },
  };
};

/** Whether the bytes are what this or a killed run of ours wrote. */
const isOurs = (path: string, current: string, { lock, journal }: PlanInput): boolean => {
  const hash = hashOf(current);
  return lock.regenerated[path] === hash || (Object.hasOwn(journal, path) && (journal[path] ?? []).includes(hash));
};

interface ScaffoldContext {
  readonly input: PlanInput;
  readonly write: { path: string; text: string; isNew: boolean }[];
  readonly scaffolded: Record<string, string>;
}

const scaffold = (
  file: OutputFile,
  current: string | undefined,
  { input, write, scaffolded }: ScaffoldContext,
): void => {
  const known = input.lock.scaffolded[file.path];
  // Deleted by its owner: where nothing relies on it, that is an answer.
  if (current === undefined && file.once === true && known !== undefined) {
    scaffolded[file.path] = known;
    return;
  }
  if (current !== undefined && known !== undefined) {
    scaffolded[file.path] = known;
    return;
  }
  // Also for a file that was there before us: what it would have been is what later changes are told from.
  const pristine = readIfThere(join(input.root, pristinePath(file.path)));
  if (pristine !== file.text)
    write.push({ path: pristinePath(file.path), text: file.text, isNew: pristine === undefined });
  if (current === undefined) write.push({ path: file.path, text: file.text, isNew: true });
  scaffolded[file.path] = hashOf(file.text);
};

const staleFiles = (input: PlanInput): { remove: string[]; edited: string[] } => {
  const emitted = new Set(input.files.filter(({ policy }) => policy === 'regenerated').map(({ path }) => path));
  const left = Object.keys(input.lock.regenerated).filter((path) => input.isCovered(path) && !emitted.has(path));
  // A killed run may have written files that the contract has lost since, before any lock knew of them.
  const unfinished = Object.keys(input.journal).filter(
    (path) => isGenerated(path) && input.isCovered(path) && !emitted.has(path) && !left.includes(path),
  );
  const remove: string[] = [];
  const edited: string[] = [];
  for (const path of [...left, ...unfinished]) {
    const current = readIfThere(join(input.root, path));
    if (current === undefined) continue;
    if (isOurs(path, current, input)) remove.push(path);
    else if (left.includes(path)) edited.push(path);
  }
  return { remove, edited };
};

/** Pristine texts of scaffolds that the contract and the developer have both given up. */
const forgottenPristines = (input: PlanInput): string[] => {
  const emitted = new Set(input.files.map(({ path }) => path));
  return Object.keys(input.lock.scaffolded)
    .filter((path) => input.isCovered(path) && !emitted.has(path) && readIfThere(join(input.root, path)) === undefined)
    .map(pristinePath)
    .filter((path) => readIfThere(join(input.root, path)) !== undefined);
};

const isGenerated = (path: string): boolean => path.includes('/generated/');

const orphanScaffolds = (input: PlanInput): string[] => {
  const emitted = new Set(input.files.map(({ path }) => path));
  return Object.keys(input.lock.scaffolded).filter(
    (path) => input.isCovered(path) && !emitted.has(path) && readIfThere(join(input.root, path)) !== undefined,
  );
};
