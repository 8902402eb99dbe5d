import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The package's own manifest with oclif's settings: where the commands are (a file each, its path is its name) and how help is shown.
 * Files that do not hold a command (`base-command`) are left out.
 */
export const readCommandSetup = (root: string, from: 'src' | 'dist'): Readonly<Record<string, unknown>> => {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, unknown>;
  return {
    ...manifest,
    oclif: {
      bin: 'parkwise',
      dirname: 'parkwise',
      topicSeparator: ' ',
      commands: {
        strategy: 'pattern',
        target: `./${from}/commands`,
        globPatterns: [from === 'src' ? '**/*.ts' : '**/*.js', '!**/*.d.ts', '!base-command.*'],
      },
      topics: { events: { description: 'Look into the event log, and add to it.' } },
    },
  };
};
