import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const temporary = new Set<string>();

/** A directory for a file that is gone when closed, or when the process ends. */
function temporaryDirectory(): { readonly directory: string; remove(): void } {
  if (temporary.size === 0) process.once('exit', removeAll);
  const directory = mkdtempSync(join(tmpdir(), 'parkwise-'));
  temporary.add(directory);
  return {
    directory,
    remove() {
      rmSync(directory, { recursive: true, force: true });
      temporary.delete(directory);
      if (temporary.size === 0) process.off('exit', removeAll);
    },
  };
}

function removeAll(): void {
  for (const directory of temporary) rmSync(directory, { recursive: true, force: true });
}

export interface SqliteFile {
  readonly filename: string;
  readonly temporary: boolean;
  /** How many pages (of 4 KiB) it may have. */
  readonly maxPages?: number;
  /** Deletes a temporary file; leaves another alone. */
  remove(): void;
}

/**
 * File of a URL `sqlite:/absolute/file` or `sqlite::memory:`. The latter is a file as well, which goes when it is closed: only so
 * does it behave as the real thing, with reads beside an open transaction. `?maxPages=1000` limits how large the file may become.
 */
export function sqliteFile(url: string): SqliteFile {
  const [, place = '', pages] = /^(.*?)(?:\?maxPages=(\d+))?$/s.exec(url) ?? [];
  const path = decodeURIComponent(place.replace(/^sqlite:(\/\/(?=\/))?/, ''));
  if (path === ':memory:') {
    const { directory, remove } = temporaryDirectory();
    return { filename: join(directory, 'database.sqlite'), temporary: true, remove };
  }
  if (!path.startsWith('/') && !/^[a-z]:[\\/]/i.test(path)) {
    throw new Error(`The URL "${url}" must be sqlite:/absolute/file or sqlite::memory:`);
  }
  const limit = pages === undefined ? {} : { maxPages: Number(pages) };
  return { filename: path, temporary: false, ...limit, remove: () => undefined };
}

/** Makes the folder of a file that is not there yet. */
export function makeFolder({ filename }: SqliteFile): void {
  mkdirSync(dirname(filename), { recursive: true });
}
