/** Media types (RFC 9110 section 8.3): parsed, matched against what a contract lists. */

export interface MediaType {
  /** `application/json`, lower case. */
  readonly essence: string;
  /** Names in lower case. */
  readonly parameters: Readonly<Record<string, string>>;
}

const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const essencePattern = new RegExp(`^(${token}/${token})[ \\t]*(?:;|$)`);
const parameterPattern = new RegExp(`;[ \\t]*(?:(${token})=(?:(${token})|"((?:[^"\\\\]|\\\\.)*)"))?[ \\t]*`, 'y');

/** Undefined when it is not one. */
export const parseMediaType = (text: string): MediaType | undefined => {
  const trimmed = text.trim();
  const essence = essencePattern.exec(trimmed)?.[1];
  if (essence === undefined) return undefined;
  const parameters: Record<string, string> = {};
  parameterPattern.lastIndex = trimmed.indexOf(';') < 0 ? trimmed.length : trimmed.indexOf(';');
  while (parameterPattern.lastIndex < trimmed.length) {
    const match = parameterPattern.exec(trimmed);
    if (!match) return undefined;
    const [, name, plain, quoted] = match;
    if (name !== undefined) parameters[name.toLowerCase()] = plain ?? quoted?.replaceAll(/\\(.)/g, '$1') ?? '';
  }
  return { essence: essence.toLowerCase(), parameters };
};

/** Whether `type` is what `range` (`text/*`, `application/json; v=1`) describes. */
const isWithin = (type: MediaType, range: MediaType): boolean => {
  const isType =
    range.essence === '*/*' ||
    range.essence === type.essence ||
    (range.essence.endsWith('/*') && type.essence.startsWith(range.essence.slice(0, -1)));
  return (
    isType &&
    Object.entries(range.parameters).every(
      ([name, value]) =>
        type.parameters[name]?.toLowerCase() === value.toLowerCase() ||
        // Bodies are UTF-8, said or not; another charset is refused as the body is read.
        (name === 'charset' && type.parameters[name] === undefined && isUtf8(value)),
    )
  );
};

const isUtf8 = (charset: string): boolean => /^utf-?8$/i.test(charset);

const precision = (range: MediaType): number =>
  (range.essence === '*/*' ? 0 : range.essence.endsWith('/*') ? 1 : 2) * 100 + Object.keys(range.parameters).length;

export type MatchMediaType<V> = (
  header: string,
) => { readonly listed: string; readonly type: MediaType; readonly value: V } | undefined;

/** Finds the most precise entry of a contract's `content`; what was found for a header is remembered. */
export const compileMediaTypes = <V>(content: Readonly<Record<string, V>>): MatchMediaType<V> => {
  const ranges = Object.entries(content)
    .map(([listed, value]) => ({
      listed,
      value,
      range: parseMediaType(listed) ?? { essence: listed.toLowerCase(), parameters: {} },
    }))
    .toSorted((a, b) => precision(b.range) - precision(a.range));
  const known = new Map<string, ReturnType<MatchMediaType<V>>>();
  return (header) => {
    const remembered = known.get(header);
    if (remembered) return remembered;
    const type = parseMediaType(header);
    const match = type && ranges.find(({ range }) => isWithin(type, range));
    if (!type || !match) return undefined;
    const found = { listed: match.listed, type, value: match.value };
    if (known.size < 100) known.set(header, found);
    return found;
  };
};

/** How a body is read depends on what the contract lists, not on what came: of a wildcard, bytes. */
export const listedKind = (listed: string): BodyKind => bodyKind((listed.split(';', 1)[0] ?? '').trim().toLowerCase());

export type BodyKind = 'json' | 'form' | 'text' | 'binary';

export const bodyKind = (essence: string): BodyKind => {
  if (essence === 'application/json' || essence.endsWith('+json') || essence === 'text/json') return 'json';
  if (essence === 'application/x-www-form-urlencoded') return 'form';
  if (essence.startsWith('text/') || essence === 'application/xml' || essence.endsWith('+xml')) return 'text';
  return 'binary';
};
