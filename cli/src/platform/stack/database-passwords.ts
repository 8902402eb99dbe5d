import { randomBytes } from 'node:crypto';
import { readPrivateFile, writePrivateFile } from '../private-file.ts';

/** Passwords of the services' accounts, by account and server: made once, kept in a file of this checkout. */
export const databasePasswords = (
  file: string,
  accounts: readonly { readonly key: string; readonly given: string | undefined }[],
): Readonly<Record<string, string>> => {
  const known = readPrivateFile<Record<string, string>>(file) ?? {};
  const passwords = Object.fromEntries(
    accounts.map(({ key, given }) => [key, given ?? known[key] ?? randomBytes(24).toString('base64url')]),
  );
  // Those that were given are kept where they came from.
  const made = Object.fromEntries(
    accounts.filter(({ given }) => given === undefined).map(({ key }) => [key, passwords[key] ?? '']),
  );
  writePrivateFile(file, { ...known, ...made });
  return passwords;
};
