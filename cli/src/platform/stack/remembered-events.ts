import { readPrivateFile } from '../private-file.ts';
import type { RunFiles } from '../run-files.ts';

/** Where the last external stack had its events. */
export interface RememberedEvents {
  readonly eventsUrl: string;
  readonly namespace: string;
}

export const readRememberedEvents = (files: RunFiles): RememberedEvents | undefined =>
  readPrivateFile<RememberedEvents>(files.externalEvents);
