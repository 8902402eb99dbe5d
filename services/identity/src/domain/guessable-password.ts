/** Words that lists of stolen passwords are full of, in English and Spanish. Looked for with the usual letters exchanged. */
const common = `
  password passwort contrasena contraseña passphrase qwerty qwertz azerty letmein welcome bienvenido iloveyou tequiero
  administrator admin dragon monkey sunshine princess football futbol baseball superman batman trustno whatever changeme
  default master shadow login realmadrid barcelona valencia summer winter spring autumn verano invierno hello hola
`
  .trim()
  .split(/\s+/);

const rows = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890',
  'qwertyuiop',
  'asdfghjklñ',
  'asdfghjkl',
  'zxcvbnm',
  'qazwsxedcrfvtgb',
];

const disguises: Readonly<Record<string, string>> = {
  a: 'a@4',
  e: 'e3',
  i: 'i1!',
  l: 'l1',
  o: 'o0',
  s: 's$5',
  t: 't7',
};

/** Characters that have to remain once everything is taken away that anybody would try. */
const enough = 6;

/**
 * Whether a password is one that would be tried first: common words, the person's own name or address, runs of the alphabet or the
 * keyboard, repetitions. Spaces and length are welcome; there are no rules about kinds of characters (NIST SP 800-63B).
 */
export function isGuessable(password: string, person: { email: string; displayName: string }): boolean {
  const own = [
    ...person.email.split('@'),
    ...person.email.split(/[^\p{L}\p{N}]+/u),
    ...person.displayName.split(/\s+/),
  ];
  const words = [...common, ...own.map((word) => word.toLowerCase()).filter((word) => word.length > 2)];
  const rest = words
    .toSorted((one, other) => other.length - one.length)
    .reduce((text, word) => text.replaceAll(disguised(word), ''), password.normalize('NFKC').toLowerCase());
  return new Set(withoutRuns(rest)).size < 4 || withoutRuns(rest).length < enough;
}

const disguised = (word: string): RegExp =>
  new RegExp(Array.from(word, (letter) => `[${escaped(disguises[letter] ?? letter)}]`).join(''), 'gu');

const escaped = (letters: string): string => letters.replaceAll(/[\\\]^-]/g, String.raw`\$&`);

/** The text without its runs of three or more: 1234, dcba, aaaa. */
function withoutRuns(text: string): string {
  const letters = [...text];
  const kept: string[] = [];
  for (let start = 0; start < letters.length;) {
    const length = Math.max(1, ...[0, 1, -1].map((step) => runLength(letters.slice(start), step)));
    if (length < 3) kept.push(...letters.slice(start, start + 1));
    start += length < 3 ? 1 : length;
  }
  return kept.join('');
}

/** How many of the first letters follow each other in one row, `step` places apart. */
function runLength(letters: readonly string[], step: number): number {
  const follows = (index: number): boolean => {
    const [one = '', other = ''] = [letters[index - 1], letters[index]];
    if (step === 0) return one === other;
    return rows.some((row) => row.includes(one) && row[row.indexOf(one) + step] === other);
  };
  let length = 1;
  while (length < letters.length && follows(length)) length += 1;
  return length;
}
