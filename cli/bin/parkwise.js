#!/usr/bin/env node
/**
 * The `parkwise` command. This file alone must run on Node 20: it looks for Node 24 (its own, else the one that the optional
 * dependency `node-<platform>-<arch>` brings) and goes on there with the real program: `dist/main.js`, or in a checkout of the
 * repository `src/main.ts`, whose types Node strips.
 */
import { spawn } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NEEDED = 24;
const here = dirname(fileURLToPath(import.meta.url));
const inCheckout = existsSync(join(here, '..', 'src', 'main.ts'));

const findNode = () => {
  if (Number.parseInt(process.versions.node, 10) >= NEEDED) return process.execPath;
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  try {
    const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`);
    const { version, bin } = JSON.parse(readFileSync(manifest, 'utf8'));
    const path = join(dirname(manifest), typeof bin === 'string' ? bin : bin.node);
    if (Number.parseInt(version, 10) >= NEEDED && existsSync(path)) return path;
  } catch (error) {
    if (error.code !== 'MODULE_NOT_FOUND') throw error;
  }
  process.stderr.write(
    `parkwise needs Node ${NEEDED} or newer; this is ${process.version}, and the package ${name} that would bring it is not installed.\n` +
      `  → Run "npm install" again without --omit=optional, or\n` +
      `  → install Node ${NEEDED} from https://nodejs.org and put it first in PATH.\n`,
  );
  return process.exit(3);
};

/** V8 keeps compiled code here: beside the workspace's other throw-away files, else in the user's cache; none if neither can be written. */
const compileCache = () => {
  if (process.env.NODE_DISABLE_COMPILE_CACHE) return undefined;
  const candidates = [join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'parkwise', 'compile')];
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'parkwise.yaml'))) candidates.unshift(join(folder, '.parkwise', 'cache', 'compile'));
    if (folder === dirname(folder)) break;
  }
  return candidates.find((candidate) => {
    try {
      mkdirSync(candidate, { recursive: true });
      accessSync(candidate, constants.W_OK);
      return true;
    } catch {
      return false;
    }
  });
};

/** For Node 20 and Windows, where a process cannot become another: stands in front of it, and passes on signals and the exit code. */
const standInFront = (node, args, env) => {
  // The channel tells the program when this process is gone for good, whichever way.
  const child = spawn(node, args, {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...env, PARKWISE_LAUNCHED: '1' },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    process.stderr.write(`parkwise could not start ${node}: ${error.message}\n`);
    process.exit(3);
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 3);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
};

const node = findNode();
const flags = ['--disable-warning=ExperimentalWarning', ...(inCheckout ? ['--conditions=parkwise-source'] : [])];
const program = inCheckout ? join(here, '..', 'src', 'main.ts') : join(here, '..', 'dist', 'main.js');
const args = [...flags, program, ...process.argv.slice(2)];
const cache = process.env.NODE_COMPILE_CACHE ?? compileCache();
const env = { ...process.env, ...(cache === undefined ? {} : { NODE_COMPILE_CACHE: cache }) };

if (node === process.execPath && process.platform !== 'win32' && typeof process.execve === 'function') {
  process.execve(node, [node, ...args], env);
} else {
  standInFront(node, args, env);
}
