import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const VERSION = '4.32.5';
const MODULE = 'schemathesis.cli';
const run = promisify(execFile);
const tools = join(import.meta.dirname, '../../.parkwise/tools');

/**
 * The command that runs Schemathesis, from a virtual environment under `.parkwise/tools` that is made when it is not there.
 *
 * @throws Error that says what is missing: Python 3.10 with venv, or the package index
 */
export const installSchemathesis = async (say: (line: string) => void): Promise<readonly string[]> => {
  const home = join(tools, `schemathesis-${VERSION}`);
  if (!existsSync(home)) {
    say(`installing schemathesis ${VERSION} into ${home} …`);
    await install(home);
  }
  return [join(home, 'bin/python'), '-m', MODULE];
};

/** Apart, and moved there when it is whole: several tests may come at once. Its own scripts would not survive that, the module does. */
const install = async (home: string): Promise<void> => {
  const draft = `${home}.${process.pid}`;
  try {
    await run('python3', ['-m', 'venv', draft]);
    await run(join(draft, 'bin/python'), ['-m', 'pip', 'install', '--quiet', `schemathesis==${VERSION}`]);
    await rename(draft, home);
  } catch (error) {
    // Another one was faster.
    if (existsSync(home)) return;
    const { stderr = '' } = error as { stderr?: string };
    throw new Error(
      `schemathesis ${VERSION} cannot be installed: it takes Python 3.10 or newer with venv (Debian: python3-venv) and a Python package index\n${stderr}`,
      { cause: error },
    );
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
};
