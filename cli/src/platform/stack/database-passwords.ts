import { randomBytes } from 'node:crypto';
import { readPrivateFile, writePrivateFile } from '../private-file.ts';

export interface AccountPassword {
  /** The account and its server. */
  readonly key: string;
  /** By the user, who keeps it elsewhere. */
  readonly given: string | undefined;
}

/** Passwords of the services' accounts, by account and server: made once, kept in a file of this checkout. */
export const databasePasswords = (
  file: string,
  accounts: readonly AccountPassword[],
): Readonly<Record<string, string>> => {
  const kept = readPrivateFile<Record<string, string>>(file) ?? {};
  const known = knownPasswords(file, accounts);
  const passwords = Object.fromEntries(
    accounts.map(({ key }) => [key, known[key] ?? randomBytes(24).toString('base64url')]),
  );
  // Those that were given are kept where they came from.
  const made = Object.fromEntries(
    accounts.filter(({ given }) => given === undefined).map(({ key }) => [key, passwords[key] ?? '']),
  );
  writePrivateFile(file, { ...kept, ...made });
  return passwords;
};

/** The same of accounts whose password is known by now; makes none. */
export const knownPasswords = (
  file: string,
  accounts: readonly AccountPassword[],
): Readonly<Record<string, string | undefined>> => {
  const kept = readPrivateFile<Record<string, string>>(file) ?? {};
  return Object.fromEntries(accounts.map(({ key, given }) => [key, given ?? kept[key]]));
};
