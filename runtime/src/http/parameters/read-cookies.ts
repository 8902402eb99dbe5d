import type { ParameterDefinition } from '../contract.ts';
import { nullObject } from '../null-object.ts';
import { escapePointer, ReadFault } from '../request-fault.ts';
import { coerceValue, type TextTree } from './coerce-value.ts';
import { assignment, decodePercent, setOnce, splitValue } from './split-style.ts';

export type ReadCookies = (cookieHeader: string | undefined) => Record<string, unknown>;

/** Name and still encoded value of every cookie sent, in order. */
export const cookiePairs = (cookieHeader: string | undefined): [name: string, value: string][] =>
  (cookieHeader ?? '')
    .split(';')
    .filter((part) => part.includes('='))
    .map((part) => assignment(part.trim()));

/** Other people's cookies are ignored: a browser sends whatever was set for the host. */
export const compileCookies =
  (parameters: readonly ParameterDefinition[]): ReadCookies =>
  (cookieHeader) => {
    const value = nullObject();
    if (cookieHeader === undefined) return value;
    const pairs = cookiePairs(cookieHeader);
    for (const parameter of parameters) {
      const pointer = `/${escapePointer(parameter.name)}`;
      const tree = readCookie(parameter, pairs, pointer);
      if (tree !== undefined) value[parameter.name] = coerceValue(parameter.shape, tree, pointer);
    }
    return value;
  };

const readCookie = (
  parameter: ParameterDefinition,
  pairs: readonly [string, string][],
  pointer: string,
): TextTree | undefined => {
  const { shape } = parameter;
  if (shape.kind === 'object' && parameter.explode) {
    const object = nullObject() as Record<string, TextTree>;
    for (const [name, text] of pairs.flatMap(([name, text]) => ampersandPairs(name, text))) {
      if (Object.hasOwn(shape.properties, name)) setOnce(object, name, decodePercent(text, pointer), pointer);
    }
    return Object.keys(object).length > 0 ? object : undefined;
  }
  const own = pairs.filter(([name]) => name === parameter.name);
  if (own.length === 0) return undefined;
  if (shape.kind === 'array' && parameter.explode) {
    return own.flatMap(([name, text]) => ampersandPairs(name, text)).map(([, text]) => decodePercent(text, pointer));
  }
  if (own.length > 1) throw new ReadFault(pointer, 'repeated', 'must not be repeated');
  return splitValue(parameter, own[0]?.[1] ?? '', decodePercent, pointer);
};

/** The exploded form style joins by `&`, in a cookie too: `color=blue&color=black` is one cookie. */
const ampersandPairs = (name: string, text: string): [string, string][] => {
  const [first = '', ...others] = text.split('&');
  return [[name, first], ...others.map(assignment)];
};
