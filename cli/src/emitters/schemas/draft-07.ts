import type { JsonSchema } from '../../model/workspace.ts';
import { fromEntries, isObject, mapSubschemas, type SchemaObject } from './json-schema.ts';

/** A draft-07 schema in the words of 2020-12, so that one compiler serves both. The meaning stays the same. */
export const fromDraft07 = (schema: JsonSchema): JsonSchema => {
  if (!isObject(schema)) return schema;
  const mapped = mapSubschemas(schema, (part) => fromDraft07(part));
  return fromEntries(Object.entries(mapped).flatMap((entry) => translate(entry, mapped)));
};

const translate = ([keyword, value]: [string, unknown], schema: SchemaObject): [string, unknown][] => {
  if (keyword === 'items' && Array.isArray(value)) return [['prefixItems', value]];
  if (keyword === 'additionalItems') return Array.isArray(schema['items']) ? [['items', value]] : [];
  if (keyword === 'definitions') return [['$defs', value]];
  if (keyword === 'dependencies' && isObject(value)) {
    const parts = Object.entries(value);
    return [
      ['dependentRequired', fromEntries(parts.filter(([, part]) => Array.isArray(part)))],
      [
        'dependentSchemas',
        fromEntries(
          parts
            .filter(([, part]) => !Array.isArray(part))
            .map(([name, part]) => [name, fromDraft07(part as JsonSchema)]),
        ),
      ],
    ];
  }
  return [[keyword, value]];
};
