/**
 * The delimiters of OpenAPI's parameter styles (those of RFC 6570). Text is split before it is percent-decoded, so that an encoded
 * delimiter is part of a value.
 */
import type { ParameterDefinition } from '../contract.ts';
import { nullObject } from '../null-object.ts';
import { escapePointer, ReadFault } from '../request-fault.ts';
import type { TextTree } from './coerce-value.ts';

export type Decode = (text: string, pointer: string) => string;

/** For paths and cookies. */
export const decodePercent: Decode = (text, pointer) => {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    throw new ReadFault(pointer, 'encoding', 'is not percent-encoded UTF-8');
  }
};

/** For queries and forms, where `+` stands for a space. */
export const decodeForm: Decode = (text, pointer) =>
  decodePercent(text.includes('+') ? text.replaceAll('+', ' ') : text, pointer);

/** Headers are not percent-encoded. */
export const decodeNothing: Decode = (text) => text.trim();

const delimiters: Readonly<Record<string, string | RegExp>> = {
  spaceDelimited: /%20|\+/,
  pipeDelimited: /%7C|\|/i,
};

/** Splits one text that holds a whole array or object. */
export const splitValue = (parameter: ParameterDefinition, text: string, decode: Decode, pointer: string): TextTree => {
  const delimiter = delimiters[parameter.style] ?? ',';
  if (parameter.shape.kind === 'array') return text.split(delimiter).map((item) => decode(item, pointer));
  if (parameter.shape.kind !== 'object') return decode(text, pointer);
  const isAssigned = parameter.explode && parameter.in !== 'query';
  return isAssigned
    ? assignedPairs(text.split(','), decode, pointer)
    : alternatingPairs(text.split(delimiter), decode, pointer);
};

/** The segment of a path: `simple`, or with the prefix of `label` (`.`) or `matrix` (`;name=`). */
export const splitSegment = (parameter: ParameterDefinition, text: string, pointer: string): TextTree => {
  if (parameter.style === 'label') return splitLabel(parameter, text, pointer);
  if (parameter.style === 'matrix') return splitMatrix(parameter, text, pointer);
  return splitValue(parameter, text, decodePercent, pointer);
};

const splitLabel = (parameter: ParameterDefinition, text: string, pointer: string): TextTree => {
  if (!text.startsWith('.')) throw new ReadFault(pointer, 'style', 'must start with a dot');
  const rest = text.slice(1);
  if (!parameter.explode) return splitValue(parameter, rest, decodePercent, pointer);
  if (parameter.shape.kind === 'array') return rest.split('.').map((item) => decodePercent(item, pointer));
  if (parameter.shape.kind === 'object') return assignedPairs(rest.split('.'), decodePercent, pointer);
  return decodePercent(rest, pointer);
};

const splitMatrix = (parameter: ParameterDefinition, text: string, pointer: string): TextTree => {
  const misplaced = (): ReadFault => new ReadFault(pointer, 'style', 'must start with a semicolon and the name');
  if (!text.startsWith(';')) throw misplaced();
  const parts = text.slice(1).split(';');
  if (parameter.shape.kind === 'object' && parameter.explode) return assignedPairs(parts, decodePercent, pointer);
  const values = parts.map((part) => {
    const [name, value] = assignment(part);
    if (decodePercent(name, pointer) !== parameter.name) throw misplaced();
    return value;
  });
  if (parameter.shape.kind === 'array' && parameter.explode)
    return values.map((value) => decodePercent(value, pointer));
  if (values.length > 1) throw new ReadFault(pointer, 'repeated', 'must not be repeated');
  return splitValue(parameter, values[0] ?? '', decodePercent, pointer);
};

/** `R,100,G,200`. */
const alternatingPairs = (parts: readonly string[], decode: Decode, pointer: string): TextTree => {
  if (parts.length % 2 !== 0) throw new ReadFault(pointer, 'style', 'must alternate names and values');
  const object = nullObject() as Record<string, TextTree>;
  for (let index = 0; index < parts.length; index += 2) {
    setOnce(object, decode(parts[index] ?? '', pointer), decode(parts[index + 1] ?? '', pointer), pointer);
  }
  return object;
};

/** `R=100`, `G=200`. */
const assignedPairs = (parts: readonly string[], decode: Decode, pointer: string): TextTree => {
  const object = nullObject() as Record<string, TextTree>;
  for (const part of parts) {
    if (!part.includes('=')) throw new ReadFault(pointer, 'style', 'must be pairs of name and value');
    const [name, value] = assignment(part);
    setOnce(object, decode(name, pointer), decode(value, pointer), pointer);
  }
  return object;
};

export const assignment = (text: string): [name: string, value: string] => {
  const at = text.indexOf('=');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
};

export const setOnce = (object: Record<string, TextTree>, name: string, value: TextTree, pointer: string): void => {
  if (Object.hasOwn(object, name)) {
    throw new ReadFault(`${pointer}/${escapePointer(name)}`, 'repeated', 'must not be repeated');
  }
  object[name] = value;
};
