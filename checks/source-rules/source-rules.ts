/** House rules that read text: each returns the places that break it as `file:line: why`. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface SourceRule {
  readonly name: string;
  readonly files: readonly string[];
  readonly find: (text: string) => readonly { readonly line: number; readonly why: string }[];
}

const ignored = /(^|\/)(node_modules|dist|generated|golden|broken|\.parkwise)\//;

const everyLine = (pattern: RegExp, why: (match: string) => string) => (text: string) =>
  text.split('\n').flatMap((content, index) => {
    const match = pattern.exec(content);
    return match ? [{ line: index + 1, why: why(match[0]) }] : [];
  });

export const sourceRules: readonly SourceRule[] = [
  {
    // The toolkit serves any domain: not one word of the reference platform's may stand in it.
    name: 'toolkit-is-neutral',
    files: ['cli/**/*', 'runtime/**/*', 'templates/**/*'],
    find: everyLine(
      /parking|\bspots?\b|[a-z]Spots?\b|\bspot[A-Z_-]|booking|\bdrivers?(Id)?\b(?=.{0,20}(register|role|licen))|reservation|garage|handicap|amenit|licen[cs]e.?plate/i,
      (word) => `«${word}» is a word of the platform's domain; use a neutral example`,
    ),
  },
  {
    // `await trx.commit()` can resolve although COMMIT failed; `knex.transaction(callback)` rejects.
    name: 'commit-by-callback',
    files: ['{cli,runtime,services,e2e}/**/*.ts'],
    find: everyLine(
      /\b(trx|tx|transaction)\.commit\(/,
      () => 'use knex.transaction(async (trx) => …), which rejects when COMMIT fails',
    ),
  },
  {
    // Past 300 lines a file says at its top why it is that long.
    name: 'small-files',
    files: ['{cli,runtime,services,e2e,checks}/**/*.ts'],
    find: (text) => {
      const lines = text.split('\n').length - 1;
      return lines > 300 && !/^(\/\*\*|\/\/)[^]{0,600}\bLong because\b/.test(text)
        ? [{ line: 301, why: `${lines} lines; split it, or say at its top «Long because …»` }]
        : [];
    },
  },
  {
    name: 'no-swallowed-errors',
    files: ['{cli,runtime,services,e2e}/**/*.ts'],
    find: everyLine(
      /catch(\s*\([^)]*\))?\s*\{\s*\}|\.catch\(\(\)\s*=>\s*(\{\s*\}|undefined)\)(?!.*\/\/)/,
      () => 'say why the error may be ignored, or handle it',
    ),
  },
];

export const breaches = (rule: SourceRule, root: string): string[] =>
  globSync([...rule.files], { cwd: root, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .filter((file) => !ignored.test(file) && /\.(ts|js|json|yaml|md|jsx)$/.test(file))
    .toSorted()
    .flatMap((file) =>
      rule.find(readFileSync(join(root, file), 'utf8')).map(({ line, why }) => `${file}:${line}: ${why}`),
    );
