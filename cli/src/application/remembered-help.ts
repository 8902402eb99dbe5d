import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface HelpPlace {
  /** Folder of the commands. */
  readonly commands: string;
  /** V8's compile cache, beside which the text is kept; undefined where nothing can be kept. */
  readonly cache: string | undefined;
  readonly stdout: { readonly isTTY?: boolean; readonly columns?: number };
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * The list of all commands, as it was printed last time: making it takes loading every one of them, four times as long as all the rest.
 * It is made anew when a command's file has changed, or the terminal is another.
 */
export const rememberedHelp = ({ commands, cache, stdout, env }: HelpPlace) => {
  if (cache === undefined) return undefined;
  const files = readdirSync(commands, { recursive: true, encoding: 'utf8' }).toSorted();
  const states = files.map((file) => `${file} ${statSync(join(commands, file)).mtimeMs}`);
  const look = [stdout.isTTY, stdout.columns, env['NO_COLOR'], env['FORCE_COLOR'], env['TERM'], process.version];
  const key = createHash('sha256')
    .update([commands, ...states, ...look.map(String)].join('\n'))
    .digest('hex');
  const path = join(dirname(cache), `help-${key.slice(0, 16)}.txt`);
  return {
    read(): string | undefined {
      try {
        return readFileSync(path, 'utf8');
      } catch {
        return undefined; // not printed yet
      }
    },
    write(text: string): void {
      const draft = `${path}.${process.pid}`;
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(draft, text);
      renameSync(draft, path);
    },
  };
};
