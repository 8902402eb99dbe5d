import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The package's own manifest with oclif's settings: where the commands are (a file each, its path is its name) and how help is shown.
 * If the arguments name a command, oclif is shown that one alone: it loads all that it knows, whichever is asked for.
 */
export const readCommandSetup = (
  root: string,
  { from, argv }: { from: 'src' | 'dist'; argv: readonly string[] },
): Readonly<Record<string, unknown>> => {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, unknown>;
  const extension = from === 'src' ? 'ts' : 'js';
  const named = namedCommand(join(root, from, 'commands'), argv, extension);
  return {
    ...manifest,
    oclif: {
      bin: 'parkwise',
      dirname: 'parkwise',
      topicSeparator: ' ',
      commands: {
        strategy: 'pattern',
        target: `./${from}/commands`,
        globPatterns: [named ?? `**/*.${extension}`, '!**/*.d.ts', '!base-command.*'],
      },
      topics: {
        events: { description: 'Look into the event log, and add to it.' },
        migrate: { description: 'Bring databases up to date, or see whether they are.' },
      },
    },
  };
};

/** `events tail --follow` → `events/tail.ts`, if there is such a file. */
const namedCommand = (folder: string, argv: readonly string[], extension: string): string | undefined => {
  const end = argv.findIndex((argument) => !/^[a-z][a-z-]*$/.test(argument));
  const words = end === -1 ? argv : argv.slice(0, end);
  return [words.slice(0, 2), words.slice(0, 1)]
    .filter(({ length }) => length > 0)
    .map((path) => `${path.join('/')}.${extension}`)
    .find((file) => !file.startsWith('base-command') && existsSync(join(folder, file)));
};
