import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** The secrets by which services get tokens of the development issuer; made once, readable by their owner alone. */
export const clientSecrets = (file: string, services: readonly string[]): Readonly<Record<string, string>> => {
  const known = read(file);
  const secrets = Object.fromEntries(
    services.map((name) => [name, known[name] ?? randomBytes(24).toString('base64url')]),
  );
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, `${JSON.stringify({ ...known, ...secrets }, null, 2)}\n`, { mode: 0o600 });
  chmodSync(file, 0o600);
  return secrets;
};

const read = (file: string): Record<string, string> => {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
  } catch {
    return {}; // not there yet, or cut off by a crash: new ones do as well
  }
};
