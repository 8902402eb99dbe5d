/**
 * Finds regular expressions on which a backtracking engine can take exponential time: a repetition within a repetition that can
 * match the same text in more than one way (`^(a+)+$`), or a repeated choice whose alternatives overlap (`^(a|a)*$`).
 * It reads the syntax of JavaScript; what it cannot judge it lets pass.
 */
export const isSlowPattern = (pattern: string): boolean => {
  const node = new Parser(pattern).parse();
  return node !== undefined && isSlow(node);
};

type CharSet = (character: number) => boolean;

type Node =
  | { readonly is: 'empty' }
  | { readonly is: 'set'; readonly has: CharSet }
  | { readonly is: 'sequence' | 'choice'; readonly parts: readonly Node[] }
  | { readonly is: 'repeat'; readonly part: Node; readonly min: number; readonly max: number };

const isSlow = (node: Node): boolean => {
  if (node.is === 'sequence' || node.is === 'choice') return node.parts.some(isSlow);
  if (node.is !== 'repeat') return false;
  return (node.max > 10 && (isAmbiguous(node.part) || hasOverlap(node.part))) || isSlow(node.part);
};

/** Whether repeating this can split the same text in several ways: it ends or begins with a repetition that can touch itself. */
const isAmbiguous = (node: Node): boolean => {
  if (node.is === 'choice') return node.parts.some(isAmbiguous);
  if (node.is === 'repeat') return node.max > 10 || isAmbiguous(node.part);
  if (node.is !== 'sequence') return false;
  return node.parts.some((part, index) => {
    if (!isAmbiguous(part)) return false;
    const rest = [...node.parts.slice(index + 1), ...node.parts.slice(0, index)];
    // What surrounds it has to be passed between two rounds: a character that the repetition cannot match parts them.
    return rest.every((other) => isNullable(other) || touches(part, other));
  });
};

const touches = (a: Node, b: Node): boolean => {
  const left = alphabet(a);
  const right = alphabet(b);
  return samples.some((character) => left(character) && right(character));
};

/** Whether two alternatives of a choice can begin alike although neither is told apart by its first character. */
const hasOverlap = (node: Node): boolean => {
  if (node.is !== 'choice')
    return (
      node.is === 'sequence' && node.parts.length === 1 && node.parts[0] !== undefined && hasOverlap(node.parts[0])
    );
  return node.parts.some((a, index) =>
    node.parts.slice(index + 1).some((b) => isSingle(a) && isSingle(b) && touches(a, b)),
  );
};

const isSingle = (node: Node): boolean =>
  node.is === 'set' ||
  ((node.is === 'sequence' || node.is === 'choice') &&
    node.parts.length > 0 &&
    (node.is === 'choice' || node.parts.length === 1) &&
    node.parts.every(isSingle)) ||
  (node.is === 'repeat' && isSingle(node.part));

const isNullable = (node: Node): boolean => {
  if (node.is === 'empty') return true;
  if (node.is === 'set') return false;
  if (node.is === 'repeat') return node.min === 0 || isNullable(node.part);
  return node.is === 'choice' ? node.parts.some(isNullable) : node.parts.every(isNullable);
};

/** Every character that the node may match somewhere. */
const alphabet = (node: Node): CharSet => {
  if (node.is === 'set') return node.has;
  if (node.is === 'repeat') return alphabet(node.part);
  if (node.is === 'empty') return () => false;
  const parts = node.parts.map(alphabet);
  return (character) => parts.some((has) => has(character));
};

/** Latin-1 and a few of beyond: enough to tell whether two sets meet. */
const samples = [...Array(256).keys(), 0x4_1f, 0x3_b1, 0x4e_00, 0x1_f6_00];

const one =
  (character: number): CharSet =>
  (other) =>
    other === character;
const not =
  (set: CharSet): CharSet =>
  (character) =>
    !set(character);
const range =
  (from: number, to: number): CharSet =>
  (character) =>
    character >= from && character <= to;
const union =
  (sets: readonly CharSet[]): CharSet =>
  (character) =>
    sets.some((set) => set(character));
const digits = range(48, 57);
const word = union([digits, range(65, 90), range(97, 122), one(95)]);
const spaces: CharSet = (character) => /\s/u.test(String.fromCodePoint(character));
const dot = not(union([one(10), one(13)]));

const classes: Readonly<Record<string, CharSet>> = {
  d: digits,
  D: not(digits),
  w: word,
  W: not(word),
  s: spaces,
  S: not(spaces),
};
const controls: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, v: 11, f: 12, '0': 0 };

class Parser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  parse(): Node | undefined {
    try {
      const node = this.#choice();
      return this.#at === this.#text.length ? node : undefined;
    } catch (error) {
      if (error instanceof RangeError || error instanceof SyntaxError) return undefined;
      throw error;
    }
  }

  #choice(): Node {
    const parts = [this.#sequence()];
    while (this.#take('|')) parts.push(this.#sequence());
    const [only] = parts;
    return parts.length === 1 && only ? only : { is: 'choice', parts };
  }

  #sequence(): Node {
    const parts: Node[] = [];
    while (this.#at < this.#text.length && !'|)'.includes(this.#text[this.#at] ?? '')) parts.push(this.#repeated());
    const [only] = parts;
    return parts.length === 1 && only ? only : { is: 'sequence', parts };
  }

  #repeated(): Node {
    let node = this.#atom();
    for (;;) {
      const match = /^(?:[*+?]|\{(\d+)(,?)(\d*)\})/.exec(this.#text.slice(this.#at));
      if (!match) return node;
      this.#at += match[0].length;
      this.#take('?');
      const [sign, from, comma, to] = match;
      const min = sign === '+' ? 1 : from === undefined ? 0 : Number(from);
      const max = sign === '?' ? 1 : from === undefined ? Infinity : comma === '' ? min : to ? Number(to) : Infinity;
      node = { is: 'repeat', part: node, min, max };
    }
  }

  #atom(): Node {
    const character = this.#next();
    if (character === '(') return this.#group();
    if (character === '[') return { is: 'set', has: this.#class() };
    if (character === '.') return { is: 'set', has: dot };
    if (character === '^' || character === '$') return { is: 'empty' };
    if (character === '\\') return this.#escaped();
    return { is: 'set', has: one(character.codePointAt(0) ?? 0) };
  }

  #group(): Node {
    const match = /^\?(?:[:=!]|<[=!]|<[^>]*>)/.exec(this.#text.slice(this.#at));
    if (match) this.#at += match[0].length;
    const inner = this.#choice();
    if (!this.#take(')')) throw new SyntaxError('an open group');
    return match && /[=!]$/.test(match[0]) ? { is: 'empty' } : inner;
  }

  #escaped(): Node {
    const next = this.#text[this.#at] ?? '';
    if (next === 'b' || next === 'B') {
      this.#at += 1;
      return { is: 'empty' };
    }
    if (/[1-9k]/.test(next)) throw new SyntaxError('a back reference');
    return { is: 'set', has: this.#escapedSet() };
  }

  #escapedSet(): CharSet {
    const next = this.#next();
    const known = classes[next];
    if (known) return known;
    const rest = this.#text.slice(this.#at);
    if (next === 'p' || next === 'P') {
      const match = /^\{[^}]+\}/.exec(rest);
      this.#at += match?.[0].length ?? 0;
      const expression = new RegExp(`\\${next}${match?.[0] ?? ''}`, 'u');
      return (character) => expression.test(String.fromCodePoint(character));
    }
    const hex =
      next === 'x'
        ? /^([0-9a-fA-F]{2})/.exec(rest)
        : next === 'u'
          ? /^(?:([0-9a-fA-F]{4})|\{([0-9a-fA-F]+)\})/.exec(rest)
          : null;
    if (hex) {
      this.#at += hex[0].length;
      return one(Number.parseInt(hex[1] ?? hex[2] ?? '0', 16));
    }
    return one(controls[next] ?? next.codePointAt(0) ?? 0);
  }

  #class(): CharSet {
    const negated = this.#take('^');
    const sets: CharSet[] = [];
    while (!this.#take(']')) {
      const [from, set] = this.#classMember();
      if (from === undefined || this.#text[this.#at] !== '-' || this.#text[this.#at + 1] === ']') {
        sets.push(set);
        continue;
      }
      this.#at += 1;
      const [to, last] = this.#classMember();
      sets.push(to === undefined ? union([set, last, one(45)]) : range(from, to));
    }
    const all = union(sets);
    return negated ? not(all) : all;
  }

  #classMember(): readonly [number | undefined, CharSet] {
    const character = this.#next();
    if (character !== '\\') return [character.codePointAt(0), one(character.codePointAt(0) ?? 0)];
    const isClass = /[dDwWsSpP]/.test(this.#text[this.#at] ?? '');
    const set = this.#escapedSet();
    return [isClass ? undefined : samples.find(set), set];
  }

  #next(): string {
    const character = String.fromCodePoint(this.#text.codePointAt(this.#at) ?? 0);
    if (this.#at >= this.#text.length) throw new SyntaxError('the end of the pattern');
    this.#at += character.length;
    return character;
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }
}
