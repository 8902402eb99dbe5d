/** Shorter ones can be guessed: 16 characters of hexadecimal digits are 64 bits. */
export const SHORTEST_SECRET = 16;

/** What is typed when a secret is wanted and none is at hand. Whatever is made of these words and digits alone is known. */
export const KNOWN_WORDS: readonly string[] = `
admin administrator change changeit changeme client database default demo dev development dummy example fixme foobar
guest insecure kafka key letmein local mariadb me my mysql notsecret parkwise passw0rd password placeholder please qwerty redis
replace root sample secret service super temp test testing the this todo top user very welcome xxx your
`
  .trim()
  .split(/\s+/);
/** Fewer different characters than this is a pattern, not chance: 32 hexadecimal digits have 14 of them on average. */
const FEWEST_CHARACTERS = 6;
/** Share of neighbours that follow each other in the alphabet or repeat, beyond which it is a sequence. */
const SEQUENCE_SHARE = 0.7;

const plain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]+/g, '');

/**
 * Why a secret must not be used in production, in words that tell nothing of it; undefined if it may.
 *
 * @param names that it must not be made of: of the setting's owner, of the user who signs in by it
 */
export const weaknessOf = (secret: string, names: readonly string[] = []): string | undefined => {
  if (secret.length < SHORTEST_SECRET) return 'it is shorter';
  const text = plain(secret);
  const own = names.map(plain).filter((name) => name.length > 1);
  const madeOf = (words: readonly string[]): boolean => new RegExp(`^(?:${words.join('|')}|\\d)*$`).test(text);
  if (madeOf(KNOWN_WORDS)) return 'it is a well-known default';
  if (madeOf([...KNOWN_WORDS, ...own])) return 'it is a name that is no secret';
  if (new Set(secret).size < FEWEST_CHARACTERS) return 'it repeats a few characters';
  const steps = Array.from({ length: text.length - 1 }, (_, at) => text.charCodeAt(at + 1) - text.charCodeAt(at));
  if (steps.filter((step) => Math.abs(step) <= 1).length > steps.length * SEQUENCE_SHARE) return 'it is a sequence';
  return undefined;
};

/** What is asked of a secret in production, as messages say it. */
export const STRONG = `at least ${SHORTEST_SECRET} characters that are no well-known default, name or pattern`;
