import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** The file holds the old text or the new one, whenever the process ends. */
export const writeAtomically = (path: string, text: string, options: { readonly durable?: boolean } = {}): void => {
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true });
  const temporary = join(folder, `.${basename(path)}.parkwise-${process.pid}`);
  const file = openSync(temporary, 'w');
  try {
    const bytes = Buffer.from(text);
    for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written);
    if (options.durable === true) fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
};
