/**
 * Keeps `package-lock.json` quick to install and free of hosts. npm writes no address of a package that it fetched
 * (`omit-lockfile-registry-resolved`, so that a lock never tells whose mirror somebody sits behind), and asks for the list of all
 * versions of a package whose address it lacks: with 1,300 packages that is most of the time of `npm ci`. So each entry gets the
 * address that every registry serves it at, with a host that cannot exist, which `replace-registry-host=always` replaces by the
 * registry in use.
 *
 * `npm run lock` writes what is missing after a change of dependencies.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface Entry {
  readonly name?: string;
  readonly version?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly inBundle?: boolean;
}

interface LockFile {
  packages: Record<string, Entry>;
}

const REGISTRY = 'https://registry.invalid';
const MODULES = 'node_modules/';

/** Address of a package at any registry, or undefined for what comes from this repository or inside another package. */
function address(path: string, entry: Entry): string | undefined {
  const at = path.lastIndexOf(MODULES);
  if (at < 0 || entry.link || entry.inBundle || entry.version === undefined) return undefined;
  const name = entry.name ?? path.slice(at + MODULES.length);
  return `${REGISTRY}/${name}/-/${name.slice(name.indexOf('/') + 1)}-${entry.version}.tgz`;
}

/** Paths of the entries whose address is missing or names another host. */
export function incomplete(lock: LockFile): string[] {
  return Object.keys(lock.packages).filter((path) => {
    const entry = lock.packages[path] as Entry;
    const wanted = address(path, entry);
    return wanted !== undefined && entry.resolved !== wanted;
  });
}

/** The same lock with every address, in npm's own order of keys. */
export function complete(lock: LockFile): LockFile {
  const packages = Object.entries(lock.packages).map(([path, entry]): [string, Entry] => {
    const resolved = address(path, entry);
    if (resolved === undefined) return [path, entry];
    const { name, version, resolved: _, ...others } = entry;
    return [path, { ...(name && { name }), version: version as string, resolved, ...others }];
  });
  return { ...lock, packages: Object.fromEntries(packages) };
}

if (import.meta.main) {
  const file = join(import.meta.dirname, '../../package-lock.json');
  const lock = JSON.parse(readFileSync(file, 'utf8')) as LockFile;
  const missing = incomplete(lock).length;
  if (missing > 0) writeFileSync(file, `${JSON.stringify(complete(lock), null, 2)}\n`);
  console.log(`package-lock.json: ${missing} addresses written`);
}
