import { createHash } from 'node:crypto';
import { KNOWN_WORDS } from '../configuration/weak-secret.ts';

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

let known: ReadonlySet<string> | undefined;

/** Words as people type them when a key is wanted: `changeme`, `Secret123`, `api-key`. */
const variants = (word: string): readonly string[] =>
  [word, word.toUpperCase(), `${word[0]?.toUpperCase()}${word.slice(1)}`].flatMap((text) => [
    text,
    `${text}1`,
    `${text}123`,
    `${text}-key`,
    `${text}-api-key`,
  ]);

/** Whether the hash of an API key is that of a well-known default, or of its holder's name: all that a hash can tell of its weakness. */
export const isHashOfDefault = (sha256: string, holder: string): boolean => {
  known ??= new Set(
    [...KNOWN_WORDS, 'apikey', 'api-key', 'token', '1234', '12345678', ''].flatMap(variants).map(hashOf),
  );
  const hash = sha256.toLowerCase();
  return known.has(hash) || variants(holder).some((name) => hashOf(name) === hash);
};
