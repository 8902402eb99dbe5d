/** JSON pointers (RFC 6901) as lists of unescaped tokens. */

export const escapeToken = (token: string): string => token.replaceAll('~', '~0').replaceAll('/', '~1');

export const formatPointer = (tokens: readonly string[]): string =>
  tokens.map((token) => `/${escapeToken(token)}`).join('');

/** Undefined when the text is no JSON pointer. */
export const parsePointer = (pointer: string): readonly string[] | undefined => {
  if (pointer === '') return [];
  if (!pointer.startsWith('/') || /~(?![01])/.test(pointer)) return undefined;
  return pointer
    .slice(1)
    .split('/')
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
};

/** A reference to a place within the same document; every part is safe in a URI fragment. */
export const localRef = (tokens: readonly string[]): string =>
  `#${tokens.map((token) => `/${encodeURIComponent(escapeToken(token)).replaceAll('%24', '$')}`).join('')}`;

/** Undefined when the percent-encoding is broken. */
export const decodePercent = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
};

/** The own value at a key of an object or an index of an array, whatever the key is called. */
export const childOf = (value: unknown, token: string): unknown => {
  if (Array.isArray(value)) return /^(0|[1-9]\d*)$/.test(token) ? value[Number(token)] : undefined;
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, token)) return undefined;
  return Object.getOwnPropertyDescriptor(value, token)?.value;
};

/** The value at a pointer that holds no references on its way. */
export const valueAt = (root: unknown, tokens: readonly string[]): unknown => {
  let value = root;
  for (const token of tokens) value = childOf(value, token);
  return value;
};
