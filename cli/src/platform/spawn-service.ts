import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ENTRY } from './check-before-start.ts';
import type { PlatformService } from './read-platform.ts';

/** Starts a service's process: small young generation (three services share a laptop), quiet about stripped types and node:sqlite. */
export const spawnService = (service: PlatformService, env: Record<string, string>): ChildProcess =>
  spawn(
    process.execPath,
    [
      '--max-semi-space-size=1',
      '--disable-warning=ExperimentalWarning',
      ...(runtimeIsSource(service.directory) ? ['--conditions=parkwise-source'] : []),
      ENTRY,
    ],
    { cwd: service.directory, env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] },
  );

/** Whether the runtime that the service finds is a checkout (its TypeScript is run) and not a package (its build is). */
const runtimeIsSource = (from: string): boolean => {
  for (let folder = from; ; folder = dirname(folder)) {
    const runtime = join(folder, 'node_modules', '@parkwise', 'runtime');
    if (existsSync(runtime)) return existsSync(join(runtime, 'src', 'codegen'));
    if (folder === dirname(folder)) return false;
  }
};
