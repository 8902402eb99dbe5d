import { spawn } from 'node:child_process';
import { accessSync, appendFileSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Command } from './server.ts';

/** Runs a command to its end. @throws Error with what it printed, if it fails. */
export function runCommand(
  { program, args }: Command,
  { cwd, env, log }: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv; readonly log?: string } = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (chunk: Buffer): void => {
      output += chunk.toString();
      if (log) appendFileSync(log, chunk);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => reject(new Error(`${program} cannot be run: ${error.message}`)));
    child.on('close', (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${program} ${args.join(' ')} ended with ${code}:\n${output.slice(-2_000)}`));
    });
  });
}

/** The program's path, if the system has it. */
export function findProgram(program: string): string | undefined {
  // Servers are kept from ordinary users' paths by some systems.
  const directories = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  return directories.map((directory) => join(directory, program)).find(isExecutable);
}

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** Installs a Debian package if the program is not there. */
export async function needDebianPackage(program: string, packageName: string, log: string): Promise<void> {
  if (findProgram(program)) return;
  const advice = `install ${program} (Debian: apt-get install ${packageName})`;
  if (!findProgram('apt-get')) throw new Error(`${program} is missing, and this is no Debian: ${advice}`);
  const root = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  if (root.length > 0 && !findProgram('sudo')) throw new Error(`${program} is missing: as root, ${advice}`);
  const apt = async (...args: string[]): Promise<void> => {
    const [program, ...rest] = [...root, 'apt-get', '-qq', ...args] as [string, ...string[]];
    await runCommand({ program, args: rest }, { env: { DEBIAN_FRONTEND: 'noninteractive' }, log });
  };
  await apt('update');
  await apt('install', '-y', '--no-install-recommends', packageName);
}
