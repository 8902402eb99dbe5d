import { readdirSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeAtomically } from './atomic-write.ts';
import { hashOf } from './hash.ts';
import { readJournal, removeJournal, removeLeftovers, writeJournal } from './journal.ts';
import { lockFile, printLock, readIfThere } from './lock.ts';
import type { Plan } from './plan.ts';

/**
 * Carries a plan out: the only place that changes the disk. Journal, files, lock, and then the journal is gone; a run that is killed
 * anywhere in between is completed by the next one, which finds the journal.
 */
export const carryOut = (root: string, plan: Plan): void => {
  const before = readJournal(root);
  const lock = printLock(plan.lock);
  const lockChanges = readIfThere(join(root, lockFile)) !== lock;
  if (plan.write.length > 0 || plan.remove.length > 0 || lockChanges) {
    const journal: Record<string, string[]> = Object.fromEntries(
      Object.entries(before).map(([path, hashes]) => [path, [...hashes]]),
    );
    for (const { path, text } of plan.write) journal[path] = [...(journal[path] ?? []), hashOf(text)];
    writeJournal(root, journal);
    removeLeftovers(root, before);
    for (const { path, text } of plan.write) writeAtomically(join(root, path), text);
    for (const path of plan.remove) remove(root, path);
    if (lockChanges) writeAtomically(join(root, lockFile), lock, { durable: true });
  } else removeLeftovers(root, before);
  removeJournal(root);
};

/** The file, and the folders that it leaves empty. */
const remove = (root: string, path: string): void => {
  rmSync(join(root, path), { force: true });
  for (
    let folder = dirname(path);
    folder !== '.' && readdirSync(join(root, folder)).length === 0;
    folder = dirname(folder)
  ) {
    rmdirSync(join(root, folder));
  }
};
