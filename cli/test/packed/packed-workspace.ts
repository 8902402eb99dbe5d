import { execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, rm, symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const repository = join(import.meta.dirname, '../../..');
/** What a new workspace asks for besides our own packages. */
const DEVELOPMENT = ['@types/node', 'tap', 'typescript'];

/** A folder outside the repository in which the packed packages are installed, as a stranger's would be. */
export interface PackedWorkspace {
  readonly root: string;
  /** A base of ports that nobody listens on. */
  readonly portBase: number;
  parkwise(...words: readonly string[]): Promise<string>;
  /** Runs a program of `node_modules`, such as `typescript/bin/tsc`. */
  node(...words: readonly string[]): Promise<string>;
  /** The first line that a command prints for which `accept` is true; the command is ended then. */
  line(words: readonly string[], accept: (line: string) => boolean): Promise<string>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Packs `parkwise` and `@parkwise/runtime`; resolves with the folder of the tarballs. */
export const packPackages = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'parkwise-packed-'));
  const pack = (...words: string[]) =>
    run('npm', ['pack', '--silent', '--pack-destination', folder, ...words], { cwd: repository });
  // Building the one builds the other.
  await pack('-w', 'cli');
  await pack('-w', 'runtime', '--ignore-scripts');
  return folder;
};

/** Unpacks the tarballs into an empty folder; the packages that they declare are linked, and no others, as there is no need to fetch them again. */
export const installPacked = async (tarballs: string): Promise<PackedWorkspace> => {
  const root = await mkdtemp(join(tmpdir(), 'workspace-'));
  const modules = join(root, 'node_modules');
  const declared = new Set(DEVELOPMENT);
  for (const tarball of (await readdir(tarballs)).filter((name) => name.endsWith('.tgz'))) {
    const target = join(modules, tarball.startsWith('parkwise-runtime') ? '@parkwise/runtime' : 'parkwise');
    await mkdir(target, { recursive: true });
    await run('tar', ['-xzf', join(tarballs, tarball), '-C', target, '--strip-components=1']);
    const manifest = JSON.parse(await readFile(join(target, 'package.json'), 'utf8')) as Record<
      string,
      Record<string, string>
    >;
    for (const name of Object.keys({ ...manifest['dependencies'], ...manifest['peerDependencies'] }))
      declared.add(name);
  }
  declared.delete('@parkwise/runtime');
  for (const name of declared) {
    await mkdir(dirname(join(modules, name)), { recursive: true });
    await symlink(join(repository, 'node_modules', name), join(modules, name));
  }

  // Code that was compiled for one workspace serves the next.
  await mkdir(join(tarballs, 'cache'), { recursive: true });
  await mkdir(join(root, '.parkwise'));
  await symlink(join(tarballs, 'cache'), join(root, '.parkwise/cache'));

  // Neither the repository's condition for sources nor its programs may help.
  const { NODE_OPTIONS: _, ...env } = process.env;
  const options = { cwd: root, env, maxBuffer: 64 * 1024 * 1024 };
  const node = async (...words: readonly string[]): Promise<string> => {
    const [script = '', ...rest] = words;
    try {
      return (
        await run(process.execPath, [script.startsWith('services/') ? script : join(modules, script), ...rest], options)
      ).stdout;
    } catch (error) {
      const { stdout, stderr } = error as { stdout?: string; stderr?: string };
      throw new Error(`${words.join(' ')} failed:\n${stdout ?? ''}${stderr ?? ''}`, { cause: error });
    }
  };
  const bin = 'parkwise/bin/parkwise.js';
  return {
    root,
    portBase: await freePortBase(),
    node,
    parkwise: (...words) => node(bin, ...words),
    line: (words, accept) =>
      new Promise((resolve, reject) => {
        const child = spawn(process.execPath, [join(modules, bin), ...words], {
          ...options,
          stdio: ['ignore', 'pipe', 'inherit'],
        });
        let text = '';
        child.stdout.on('data', (chunk: Buffer) => {
          text += chunk.toString();
          const lines = text.split('\n');
          text = lines.pop() ?? '';
          const found = lines.find(accept);
          if (found === undefined) return;
          child.kill();
          resolve(found);
        });
        child.on('close', () => reject(new Error(`${words.join(' ')} ended before the line came`)));
      }),
    async [Symbol.asyncDispose]() {
      await node(bin, 'down');
      await rm(root, { recursive: true, force: true });
    },
  };
};

const freePortBase = async (): Promise<number> => {
  for (let base = 40_000 + (process.pid % 150) * 100; base < 60_000; base += 100) {
    if ((await Promise.all([1, 2, 99].map((offset) => isFree(base + offset)))).every(Boolean)) return base;
  }
  throw new Error('no free range of ports between 40000 and 60000');
};

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
