import type { IncomingMessage } from 'node:http';
import type { ParameterDefinition } from '../contract.ts';
import { nullObject } from '../null-object.ts';
import { escapePointer, ReadFault } from '../request-fault.ts';
import { coerceValue } from './coerce-value.ts';
import { decodeNothing, splitValue } from './split-style.ts';

export type ReadHeaders = (request: IncomingMessage) => Record<string, unknown>;

/** Only what the contract declares is read; keys are as the contract writes them. */
export const compileHeaders = (parameters: readonly ParameterDefinition[]): ReadHeaders => {
  const readers = parameters.map((parameter) => ({
    parameter,
    field: parameter.name.toLowerCase(),
    isList: parameter.shape.kind === 'array' || parameter.shape.kind === 'object',
    pointer: `/${escapePointer(parameter.name)}`,
  }));
  return (request) => {
    const value = nullObject();
    for (const { parameter, field, isList, pointer } of readers) {
      const sent = request.headers[field];
      if (sent === undefined) continue;
      const text = typeof sent === 'string' ? sent : sent.join(', ');
      // Node joins repeated fields by a comma, which a single value may contain as well.
      if (!isList && text.includes(',') && (request.headersDistinct[field]?.length ?? 0) > 1) {
        throw new ReadFault(pointer, 'repeated', 'must not be repeated');
      }
      value[parameter.name] = coerceValue(
        parameter.shape,
        splitValue(parameter, text, decodeNothing, pointer),
        pointer,
      );
    }
    return value;
  };
};
