import { code, type Code, type Imported } from '../output/source-file.ts';
import { isIdentifierName } from './identifiers.ts';

/** A value of generated tables: data, with code where a name of the program is meant. */
export type Literal =
  | string
  | number
  | boolean
  | null
  | undefined
  | Raw
  | readonly Literal[]
  | { readonly [key: string]: Literal };

interface Raw {
  readonly raw: Code;
}

export const raw = (piece: string | Imported | Code): Raw => ({ raw: code`${piece}` });

const isRaw = (value: unknown): value is Raw =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, 'raw') && Array.isArray((value as Raw).raw);

/** Prints a value as an expression; properties that are undefined are left out. */
export const literal = (value: Literal): Code => {
  if (value === undefined) return ['undefined'];
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return [String(value)];
  if (typeof value === 'string') return [quote(value)];
  if (isRaw(value)) return value.raw;
  if (Array.isArray(value)) {
    return [
      '[',
      ...(value as readonly Literal[]).flatMap((item, index) => [index === 0 ? '' : ', ', ...literal(item)]),
      ']',
    ];
  }
  const entries = Object.entries(value as { readonly [key: string]: Literal }).filter(([, item]) => item !== undefined);
  if (entries.length === 0) return ['{}'];
  return [
    '{ ',
    ...entries.flatMap(([key, item], index) => [index === 0 ? '' : ', ', property(key), ': ', ...literal(item)]),
    ' }',
  ];
};

/** A string as source text; line separators and lone surrogates included. */
export const quote = (text: string): string =>
  `'${JSON.stringify(text)
    .slice(1, -1)
    .replaceAll('\\"', '"')
    .replaceAll("'", "\\'")
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029')}'`;

/** A property name as source text. `__proto__` in brackets makes a property instead of setting the prototype. */
export const property = (name: string): string =>
  name === '__proto__' ? "['__proto__']" : isIdentifierName(name) ? name : quote(name);
