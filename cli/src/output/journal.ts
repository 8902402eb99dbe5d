import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeAtomically } from './atomic-write.ts';
import { readIfThere } from './lock.ts';

/**
 * What a run is about to write: path → hashes. It is there from before the first file until after the lock, so that a run which
 * was killed in between leaves a note that these bytes are its own and no edit of somebody's.
 */
export type Journal = Readonly<Record<string, readonly string[]>>;

const journalPath = (root: string): string => join(root, '.parkwise', 'generate.journal.json');

/** Of a run that did not come to its end; empty if the last one did. */
export const readJournal = (root: string): Journal => {
  const text = readIfThere(journalPath(root));
  if (text === undefined) return {};
  try {
    return JSON.parse(text) as Journal;
  } catch {
    // Written in one step, so this is no half of ours: nothing can be known from it.
    return {};
  }
};

export const isJournalThere = (root: string): boolean => readIfThere(journalPath(root)) !== undefined;

export const writeJournal = (root: string, journal: Journal): void => {
  mkdirSync(dirname(journalPath(root)), { recursive: true });
  writeAtomically(journalPath(root), JSON.stringify(journal));
};

export const removeJournal = (root: string): void => rmSync(journalPath(root), { force: true });

/** Removes what a killed run was still writing beside the files of its journal. */
export const removeLeftovers = (root: string, journal: Journal): void => {
  const folders = new Set(Object.keys(journal).map((path) => dirname(join(root, path))));
  for (const folder of folders) {
    for (const name of namesIn(folder))
      if (/^\..+\.parkwise-\d+$/.test(name)) rmSync(join(folder, name), { force: true });
  }
};

const namesIn = (folder: string): string[] => {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
};
