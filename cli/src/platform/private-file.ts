import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Writes JSON that the user alone can read, in a folder that he alone can enter. */
export const writePrivateFile = (file: string, value: unknown): void => {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  // It may have been there before, with other rights.
  chmodSync(file, 0o600);
};

/** What {@link writePrivateFile} wrote; undefined if it is not there, or was cut off by a crash. */
export const readPrivateFile = <T>(file: string): T | undefined => {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch {
    return undefined; // as said above
  }
};
