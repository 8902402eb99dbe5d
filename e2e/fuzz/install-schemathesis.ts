import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const VERSION = '4.32.5';
const run = promisify(execFile);
const tools = join(import.meta.dirname, '../../.parkwise/tools');

/**
 * Where the command `schemathesis` is, in a virtual environment under `.parkwise/tools` that is made when it is not there.
 *
 * @throws Error that says what is missing: Python 3.10 with venv, or the package index
 */
export const installSchemathesis = async (say: (line: string) => void): Promise<string> => {
  const home = join(tools, `schemathesis-${VERSION}`);
  const command = join(home, 'bin/schemathesis');
  if (existsSync(command)) return command;
  say(`installing schemathesis ${VERSION} into ${home} …`);
  await rm(home, { recursive: true, force: true });
  try {
    await run('python3', ['-m', 'venv', home]);
    await run(join(home, 'bin/python'), ['-m', 'pip', 'install', '--quiet', `schemathesis==${VERSION}`]);
  } catch (error) {
    // Half an installation must not pass for one the next time.
    await rm(home, { recursive: true, force: true });
    const { stderr = '' } = error as { stderr?: string };
    throw new Error(
      `schemathesis ${VERSION} cannot be installed: it takes Python 3.10 or newer with venv (Debian: python3-venv) and a Python package index\n${stderr}`,
      { cause: error },
    );
  }
  return command;
};
