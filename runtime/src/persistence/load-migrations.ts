import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { MigrationError, type CheckedMigration } from './migrations.ts';

const FILE = /^(\d{4}-[a-z0-9-]+)\.(ts|js|mjs)$/;

/**
 * The migrations of a service: `NNNN-name.ts`, each exporting `up(knex, sql)`. A directory that is not there has none.
 *
 * @throws MigrationError for a file with another name, without `up`, or with the number of another.
 */
export async function loadMigrations(directory: string | URL): Promise<readonly CheckedMigration[]> {
  const path = typeof directory === 'string' ? directory : fileURLToPath(directory);
  const names = (await list(path)).filter((name) => !name.startsWith('.') && !name.endsWith('.d.ts')).toSorted();
  const loaded: CheckedMigration[] = [];
  const numbers = new Map<string, string>();
  for (const fileName of names) {
    const file = join(path, fileName);
    const name = FILE.exec(fileName)?.[1];
    if (name === undefined)
      throw new MigrationError('misnamed', { name: fileName, file }, 'must be named NNNN-name.ts');
    const twin = numbers.get(name.slice(0, 4));
    if (twin !== undefined)
      throw new MigrationError('misnamed', { name, file }, `has the number of ${twin}: give it the next`);
    numbers.set(name.slice(0, 4), name);
    loaded.push(await load(name, file));
  }
  return loaded;
}

async function load(name: string, file: string): Promise<CheckedMigration> {
  let exports: { readonly up?: unknown };
  try {
    exports = (await import(pathToFileURL(file).href)) as { readonly up?: unknown };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new MigrationError('failed', { name, file }, `cannot be loaded: ${reason}`, error);
  }
  if (typeof exports.up !== 'function')
    throw new MigrationError('misnamed', { name, file }, 'must export up(knex, sql)');
  return { name, file, up: exports.up as CheckedMigration['up'], checksum: checksum(await readFile(file, 'utf8')) };
}

/** White space is left out, so that formatting a migration does not change it. */
const checksum = (text: string): string => createHash('sha256').update(text.replace(/\s+/g, '')).digest('hex');

async function list(path: string): Promise<readonly string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
