import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { UserError } from '../application/user-error.ts';

/** The folder that holds `parkwise.yaml`: `from` or the nearest folder above it. */
export const findRoot = (from: string): string => {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'parkwise.yaml'))) return folder;
    if (folder === dirname(folder)) break;
  }
  throw new UserError({
    code: 'no-workspace',
    message: `there is no parkwise.yaml in ${resolve(from)} or a folder above it`,
    nextSteps: ['Change into the workspace, or make one with "parkwise init".'],
  });
};
