/** A workspace of two small services in a folder of its own, and the command to run on it. */
import { randomInt } from 'node:crypto';
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eachLine } from '../../src/platform/lines.ts';

const bin = fileURLToPath(new URL('../../bin/parkwise.js', import.meta.url));
const fixture = fileURLToPath(new URL('fixture/workspace', import.meta.url));
const modules = fileURLToPath(new URL('../../../node_modules', import.meta.url));
const sharedCache = fileURLToPath(new URL('../../../.parkwise/cache', import.meta.url));

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that runs. */
export interface Run {
  readonly pid: number;
  readonly ended: Promise<Outcome>;
  /** Resolves with the first line of stdout or stderr that matches, printed before or after the call; rejects when the command ends without. */
  line(pattern: RegExp): Promise<string>;
  signal(signal: NodeJS.Signals): void;
}

export interface Shop {
  readonly root: string;
  readonly portBase: number;
  /** Of the service at this offset. */
  url(offset: number): string;
  start(...args: string[]): Run;
  /** `up` with this shop's ports. */
  up(...args: string[]): Run;
  run(...args: string[]): Promise<Outcome>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** @param env added to the environment of every command */
export const openShop = async (env: Readonly<Record<string, string>> = {}): Promise<Shop> => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'shop-')));
  cpSync(fixture, root, { recursive: true });
  symlinkSync(modules, join(root, 'node_modules'));
  // Code that was compiled for another shop serves this one.
  mkdirSync(sharedCache, { recursive: true });
  mkdirSync(join(root, '.parkwise'));
  symlinkSync(sharedCache, join(root, '.parkwise/cache'));
  const portBase = await freePortBase();
  const start = (...args: string[]): Run => startCommand(root, args, env);
  return {
    root,
    portBase,
    url: (offset) => `http://127.0.0.1:${portBase + offset}`,
    start,
    up: (...args) => start('up', '--port-base', String(portBase), ...args),
    run: (...args) => start(...args).ended,
    async [Symbol.asyncDispose]() {
      await start('down').ended;
      rmSync(root, { recursive: true, force: true, maxRetries: 5 });
    },
  };
};

const startCommand = (cwd: string, args: readonly string[], added: Readonly<Record<string, string>>): Run => {
  const { FORCE_COLOR: _, ...inherited } = process.env;
  const env = { ...inherited, ...added };
  const child = spawn(process.execPath, [bin, ...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    eachLine(child[name], (line) => {
      texts[name] += `${line}\n`;
      lines.push(line);
      for (const look of waiting) look();
    });
  }
  const ended = new Promise<Outcome>((resolve) => child.on('close', (code) => resolve({ code, ...texts })));
  return {
    pid: child.pid ?? -1,
    ended,
    signal: (signal) => void child.kill(signal),
    line: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = lines.find((line) => pattern.test(line));
          if (found === undefined) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
        void ended.then(() => reject(new Error(`ended without ${String(pattern)}:\n${lines.join('\n')}`)));
      }),
  };
};

/** Below what systems give to connections that go out: those would take a port again before it is listened on. */
const FIRST_PORT = 20_000;
const LAST_PORT = 32_000;
/** Of services and the issuer, and of further processes where each has a port of its own. */
const OFFSETS = [1, 2, 3, 99, 101, 102, 103];

const freePortBase = async (): Promise<number> => {
  for (;;) {
    const base = randomInt(FIRST_PORT, LAST_PORT - Math.max(...OFFSETS));
    const free = await Promise.all(OFFSETS.map((offset) => isFree(base + offset)));
    if (free.every(Boolean)) return base;
  }
};

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
