import type { ParameterDefinition } from '../http/contract.ts';

type Parameter = Pick<ParameterDefinition, 'name' | 'in' | 'style' | 'explode' | 'shape'>;

const encode = (value: unknown): string => encodeURIComponent(scalar(value));
const scalar = (value: unknown): string =>
  value === null ? 'null' : typeof value === 'object' ? JSON.stringify(value) : String(value);

/** `[name, value]` pairs of an object, in the order given. */
const members = (value: object): readonly (readonly [string, unknown])[] =>
  Object.entries(value).filter(([, member]) => member !== undefined);

/** A path, header or cookie parameter as text, by the rules of its style (OpenAPI 3.1, "Style Values"). */
export const writeSegment = ({ name, in: place, style, explode, shape }: Parameter, value: unknown): string => {
  // What stands in a header is not percent-encoded.
  const encode = (member: unknown): string =>
    place === 'header' ? scalar(member) : encodeURIComponent(scalar(member));
  if (shape.kind === 'json')
    return place === 'header' ? JSON.stringify(value) : encodeURIComponent(JSON.stringify(value));
  const prefix = { label: '.', matrix: ';' }[style as string] ?? '';
  const separator = explode && prefix !== '' ? prefix : ',';
  const named = style === 'matrix';
  if (Array.isArray(value)) {
    const parts = value.map((item) => (named && explode ? `${name}=${encode(item)}` : encode(item)));
    return `${prefix}${named && !explode ? `${name}=` : ''}${parts.join(separator)}`;
  }
  if (typeof value === 'object' && value !== null) {
    const parts = members(value).map(([key, member]) => `${encode(key)}${explode ? '=' : ','}${encode(member)}`);
    return `${prefix}${named && !explode ? `${name}=` : ''}${parts.join(separator)}`;
  }
  return `${prefix}${named ? `${name}=` : ''}${encode(value)}`;
};

/** A query parameter as the pairs that it puts into the query string. */
export const writeQuery = ({ name, style, explode, shape }: Parameter, value: unknown): readonly string[] => {
  const own = encodeURIComponent(name);
  if (shape.kind === 'json') return [`${own}=${encodeURIComponent(JSON.stringify(value))}`];
  const separator = { spaceDelimited: '%20', pipeDelimited: '%7C' }[style as string] ?? ',';
  if (Array.isArray(value)) {
    if (explode) return value.map((item) => `${own}=${encode(item)}`);
    return [`${own}=${value.map(encode).join(separator)}`];
  }
  if (typeof value === 'object' && value !== null) {
    const pairs = members(value);
    if (style === 'deepObject') return pairs.map(([key, member]) => `${own}%5B${encode(key)}%5D=${encode(member)}`);
    if (explode) return pairs.map(([key, member]) => `${encode(key)}=${encode(member)}`);
    return [`${own}=${pairs.flat().map(encode).join(separator)}`];
  }
  return [`${own}=${encode(value)}`];
};
