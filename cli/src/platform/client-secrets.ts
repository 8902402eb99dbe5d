import { randomBytes } from 'node:crypto';
import { readPrivateFile, writePrivateFile } from './private-file.ts';

/** The secrets by which services get tokens of the development issuer; made once, readable by their owner alone. */
export const clientSecrets = (file: string, services: readonly string[]): Readonly<Record<string, string>> => {
  const known = readPrivateFile<Record<string, string>>(file) ?? {};
  const secrets = Object.fromEntries(
    services.map((name) => [name, known[name] ?? randomBytes(24).toString('base64url')]),
  );
  writePrivateFile(file, { ...known, ...secrets });
  return secrets;
};
