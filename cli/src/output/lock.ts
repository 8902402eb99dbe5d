import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../application/user-error.ts';

/** Committed beside `parkwise.yaml`: every generated path with the hash of what was written there. */
export interface Lock {
  /** Replaced on every run. */
  readonly regenerated: Readonly<Record<string, string>>;
  /** Written once; the hash is that of the pristine text. */
  readonly scaffolded: Readonly<Record<string, string>>;
}

export const lockFile = 'parkwise.lock';

/** Where the text of each scaffold is kept as it was first written: a hash cannot be merged. */
export const pristineDirectory = 'parkwise.pristine';

/** The ending keeps compilers, formatters and test runners away. */
export const pristinePath = (path: string): string => `${pristineDirectory}/${path}.txt`;

const empty: Lock = { regenerated: {}, scaffolded: {} };

export const readLock = (root: string): Lock => {
  const text = readIfThere(join(root, lockFile));
  if (text === undefined) return empty;
  try {
    const { regenerated, scaffolded } = JSON.parse(text) as Partial<Lock>;
    if (typeof regenerated !== 'object' || typeof scaffolded !== 'object') throw new Error('it has no tables');
    return { regenerated, scaffolded };
  } catch (error) {
    throw new UserError({
      code: 'lock-unreadable',
      message: `${lockFile} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      nextSteps: [
        `Restore it from version control (after a merge: take either side), then run parkwise generate.`,
        `Or delete it and run parkwise generate --force, which takes all of generated/ for its own.`,
      ],
    });
  }
};

/** Sorted by path, one a line, so that two branches that add files merge. */
export const printLock = (lock: Lock): string => {
  const sorted = (table: Readonly<Record<string, string>>): Record<string, string> =>
    Object.fromEntries(Object.entries(table).toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
  return `${JSON.stringify({ version: 1, regenerated: sorted(lock.regenerated), scaffolded: sorted(lock.scaffolded) }, null, 2)}\n`;
};

export const readIfThere = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
};
