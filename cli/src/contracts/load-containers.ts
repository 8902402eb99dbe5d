import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Containers } from '../model/workspace.ts';

interface Manifest {
  readonly name?: string;
  readonly workspaces?: readonly string[] | { readonly packages?: readonly string[] };
}

const RUNTIME = '@parkwise/runtime';

/**
 * What the npm packages of a workspace are, for its image. A root without a readable `package.json` has none but the services, whose
 * manifests are there once they have been generated.
 */
export const loadContainers = (root: string, services: readonly string[]): Containers => {
  const { workspaces = [] } = readManifest(join(root, 'package.json'));
  const globs = Array.isArray(workspaces) ? (workspaces as readonly string[]) : [];
  const own = services.map((name) => `services/${name}`);
  const folders = [...new Set([...own, ...globs.flatMap((glob) => foldersOf(root, glob))])].toSorted();
  const runtimeFolder = folders.find((folder) => readManifest(join(root, folder, 'package.json')).name === RUNTIME);
  return {
    manifests: folders.map((folder) => `${folder}/package.json`),
    ...(runtimeFolder !== undefined && { runtimeFolder }),
    npmrc: existsSync(join(root, '.npmrc')),
  };
};

/** `services/*` and plain paths, which is what workspaces are in practice. */
const foldersOf = (root: string, glob: string): readonly string[] => {
  const path = glob.replace(/^\.\//, '').replace(/\/$/, '');
  const parent = path.endsWith('/*') ? path.slice(0, -2) : undefined;
  const candidates =
    parent === undefined ? [path] : subfolders(join(root, parent)).map((folder) => `${parent}/${folder}`);
  return candidates.filter((folder) => existsSync(join(root, folder, 'package.json')));
};

const subfolders = (folder: string): readonly string[] =>
  existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))
    : [];

const readManifest = (path: string): Manifest => {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Manifest;
  } catch {
    return {}; // npm says what is wrong with it, and better
  }
};
