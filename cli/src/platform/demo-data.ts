import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DemoState } from '@parkwise/runtime/platform';
import type { PlatformService } from './read-platform.ts';
import { databaseFile, type RunFiles } from './run-files.ts';

/** Notes that the demo data of a service left for a newcomer, such as logins to try. */
interface Marker {
  readonly state: 'filling' | 'filled';
  readonly notes: readonly string[];
}

/** `name` is the service's, or that of its database on a server. */
const markerFile = (files: RunFiles, name: string): string => join(files.data, `${name}.demo.json`);

export const readMarker = (files: RunFiles, name: string): Marker | undefined => {
  try {
    return JSON.parse(readFileSync(markerFile(files, name), 'utf8')) as Marker;
  } catch {
    return undefined; // not there: never filled
  }
};

export const writeMarker = (files: RunFiles, name: string, marker: Marker): void =>
  writeFileSync(markerFile(files, name), JSON.stringify(marker, null, 2));

/**
 * Whether the service is to fill its database with demo data now: only a database that is not there yet is filled. One of which we do
 * not know whether it was filled, because either of us was killed, says so itself. Only if it was not is it thrown away and made anew:
 * nobody has seen it, because a service fills before it can be reached.
 */
export const wantsDemo = (
  service: PlatformService,
  files: RunFiles,
  readState: (database: string) => DemoState,
): boolean => {
  if (!service.demo || service.store === 'none') return false;
  const marker = readMarker(files, service.name);
  const database = databaseFile(files, service.name);
  if (marker?.state === 'filling' && existsSync(database)) {
    const known = readState(database);
    if (known.state === 'filled') demoDone(files, service.name, known.notes);
    else for (const end of ['', '-wal', '-shm']) rmSync(database + end, { force: true });
  }
  if (existsSync(database)) return false;
  writeMarker(files, service.name, { state: 'filling', notes: [] });
  return true;
};

/** The service has filled its database. */
export const demoDone = (files: RunFiles, name: string, notes: readonly string[]): void =>
  writeMarker(files, name, { state: 'filled', notes });

/** The service answers: whatever it has is to stay, also if it had no demo data to fill in. */
export const demoOver = (files: RunFiles, name: string): void => {
  if (readMarker(files, name)?.state === 'filling') demoDone(files, name, []);
};

/** What the demo data of the service told, on this run or an earlier one. */
export const demoNotes = (files: RunFiles, name: string): readonly string[] => readMarker(files, name)?.notes ?? [];
