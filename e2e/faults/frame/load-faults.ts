import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Fault } from './fault.ts';

const directory = join(import.meta.dirname, '..');

/** Names of all faults: the files beside this folder. */
export const faultNames = (): readonly string[] =>
  readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts'))
    .map((entry) => entry.name.slice(0, -'.ts'.length))
    .toSorted();

/** @throws Error naming those there are, if there is none of this name. */
export const loadFault = async (name: string): Promise<Fault> => {
  if (!faultNames().includes(name))
    throw new Error(`There is no fault "${name}"; known are:\n  ${faultNames().join('\n  ')}`);
  const { fault } = (await import(join(directory, `${name}.ts`))) as { readonly fault: Fault };
  return fault;
};

export const loadFaults = (): Promise<readonly Fault[]> => Promise.all(faultNames().map(loadFault));
