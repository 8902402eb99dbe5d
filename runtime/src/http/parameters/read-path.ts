import type { ParameterDefinition } from '../contract.ts';
import { nullObject } from '../null-object.ts';
import { escapePointer } from '../request-fault.ts';
import { coerceValue } from './coerce-value.ts';
import { splitSegment } from './split-style.ts';

export type ReadPath = (captures: readonly string[]) => Record<string, unknown>;

/** @param names of the template's parameters in the order of the captures, which are still percent-encoded */
export const compilePath = (parameters: readonly ParameterDefinition[], names: readonly string[]): ReadPath => {
  const readers = parameters.map((parameter) => ({
    parameter,
    index: names.indexOf(parameter.name),
    pointer: `/${escapePointer(parameter.name)}`,
  }));
  return (captures) => {
    const value = nullObject();
    for (const { parameter, index, pointer } of readers) {
      const text = captures[index];
      if (text === undefined) continue;
      value[parameter.name] = coerceValue(parameter.shape, splitSegment(parameter, text, pointer), pointer);
    }
    return value;
  };
};
