/**
 * Source text whose imports are symbols: whoever prints a type says where its name comes from, and the last step groups the
 * imports, marks those that are types alone and renames what clashes with a name of the file.
 *
 *   const Reply = importType('Reply', runtime);
 *   renderSource({ header, body: code`export type Answer = ${Reply}<200>;` });
 */
export interface Imported {
  readonly kind: 'imported';
  readonly name: string;
  readonly from: string;
  readonly typeOnly: boolean;
  /** Its name here where the file declares the same. */
  readonly alias?: string;
}

export type Code = readonly (string | Imported)[];

export const importType = (name: string, from: string): Imported => ({ kind: 'imported', name, from, typeOnly: true });
export const importValue = (name: string, from: string, alias?: string): Imported => ({
  kind: 'imported',
  name,
  from,
  typeOnly: false,
  ...(alias === undefined ? {} : { alias }),
});

type Piece = string | number | Imported | Code | readonly Code[];

const isImported = (piece: unknown): piece is Imported =>
  typeof piece === 'object' && piece !== null && 'kind' in piece;

const flatten = (piece: Piece): Code => {
  if (typeof piece === 'string') return [piece];
  if (typeof piece === 'number') return [String(piece)];
  if (isImported(piece)) return [piece];
  return (piece as readonly (string | Imported | Code)[]).flatMap((part) =>
    typeof part === 'string' || isImported(part) ? [part] : flatten(part),
  );
};

export const code = (strings: TemplateStringsArray, ...pieces: readonly Piece[]): Code =>
  strings.flatMap((text, index) => [text, ...(index < pieces.length ? flatten(pieces[index] as Piece) : [])]);

/** Parts one after another, `separator` between them. */
export const joined = (parts: readonly Code[], separator = '\n\n'): Code =>
  parts.flatMap((part, index) => (index === 0 ? part : [separator, ...part]));

/** A way to print parts whose imports have been resolved together, and the import statements for them. */
export interface ResolvedImports {
  readonly statements: string;
  print(part: Code): string;
}

export const resolveImports = (parts: readonly Code[], declared: readonly string[] = []): ResolvedImports => {
  const all = parts.flat();
  const taken = new Set([...declared, ...declaredNames(all.filter((piece) => typeof piece === 'string').join(''))]);
  const symbols = new Map<string, { local: string; symbol: Imported; typeOnly: boolean }>();
  for (const symbol of all.filter(isImported)) {
    const key = `${symbol.from} ${symbol.name}`;
    const known = symbols.get(key);
    if (known) known.typeOnly &&= symbol.typeOnly;
    else symbols.set(key, { local: '', symbol, typeOnly: symbol.typeOnly });
  }
  const ordered = [...symbols.values()].toSorted((a, b) => compare(a.symbol, b.symbol));
  for (const entry of ordered) {
    const { name, alias } = entry.symbol;
    entry.local = alias !== undefined && taken.has(name) ? free(alias, taken) : free(name, taken);
    taken.add(entry.local);
  }
  return {
    statements: statements(ordered),
    print: (part) =>
      part
        .map((piece) => (isImported(piece) ? (symbols.get(`${piece.from} ${piece.name}`)?.local ?? piece.name) : piece))
        .join(''),
  };
};

/** The text of a file: header, imports, body. */
export const renderSource = ({ header, body }: { header: string; body: Code }): string => {
  const { statements, print } = resolveImports([body]);
  return [header, statements, print(body)].filter((part) => part !== '').join('\n\n') + '\n';
};

/** Packages before files, then by path and name; in code units, so that it is the same on every machine. */
const compare = (a: Imported, b: Imported): number =>
  Number(a.from.startsWith('.')) - Number(b.from.startsWith('.')) || order(a.from, b.from) || order(a.name, b.name);

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const free = (name: string, taken: ReadonlySet<string>): string => {
  if (!taken.has(name)) return name;
  for (let count = 1; ; count += 1) {
    const candidate = `${name}_${count}`;
    if (!taken.has(candidate)) return candidate;
  }
};

const statements = (entries: readonly { local: string; symbol: Imported; typeOnly: boolean }[]): string => {
  const modules = [...new Set(entries.map((entry) => entry.symbol.from))];
  return modules
    .map((from) => {
      const own = entries.filter((entry) => entry.symbol.from === from);
      const allTypes = own.every((entry) => entry.typeOnly);
      const names = own.map(({ local, symbol, typeOnly }) => {
        const renamed = local === symbol.name ? local : `${symbol.name} as ${local}`;
        return typeOnly && !allTypes ? `type ${renamed}` : renamed;
      });
      return `import ${allTypes ? 'type ' : ''}{ ${names.join(', ')} } from '${from}';`;
    })
    .join('\n');
};

const declaration =
  /^(?:export )?(?:declare )?(?:const|type|interface|function|class) ([\p{ID_Start}$_][\p{ID_Continue}$]*)/gmu;

const declaredNames = (text: string): string[] => [...text.matchAll(declaration)].map((match) => match[1] as string);
