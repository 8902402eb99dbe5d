import { existsSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { kebabCase } from '../model/names.ts';
import { templatesDirectory } from '../output/templates-directory.ts';
import { writeAtomically } from '../output/atomic-write.ts';

export interface InitResult {
  readonly directory: string;
  readonly written: readonly string[];
  /** Already there, and left as they are. */
  readonly kept: readonly string[];
}

/** Makes an empty workspace in a folder. What is there already stays as it is. */
export const init = (directory: string): InitResult => {
  const root = resolve(directory);
  const name = kebabCase(basename(root)).replace(/^[^a-z]+/, '') || 'workspace';
  const files = workspaceFiles(name);
  const written: string[] = [];
  const kept: string[] = [];
  for (const [path, text] of Object.entries(files)) {
    if (existsSync(join(root, path))) kept.push(path);
    else {
      writeAtomically(join(root, path), text);
      written.push(path);
    }
  }
  return { directory: root, written, kept };
};

const workspaceFiles = (name: string): Readonly<Record<string, string>> => {
  const template = (path: string): string =>
    readFileSync(join(templatesDirectory(), 'workspace', path), 'utf8').replaceAll('__workspace__', name);
  return {
    'parkwise.yaml': template('parkwise.yaml'),
    'package.json': packageJson(name),
    'tsconfig.json': template('tsconfig.json'),
    '.gitignore': template('gitignore'),
    'contracts/common/types.yaml': template('common/types.yaml'),
  };
};

const packageJson = (name: string): string => {
  const own = JSON.parse(readFileSync(fileURLToPath(new URL('../../package.json', import.meta.url)), 'utf8')) as {
    version: string;
    dependencies: Record<string, string>;
  };
  const manifest = {
    name,
    private: true,
    type: 'module',
    workspaces: ['services/*'],
    scripts: {
      start: 'parkwise up',
      generate: 'parkwise generate',
      test: 'tap services/*/test/*.test.ts',
      typecheck: 'tsc',
    },
    dependencies: { '@parkwise/runtime': own.dependencies['@parkwise/runtime'] ?? own.version },
    devDependencies: {
      '@types/node': '24.10.1',
      parkwise: own.version,
      tap: '21.8.0',
      typescript: own.dependencies['typescript'],
    },
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
};
