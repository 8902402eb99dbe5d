import type { JsonSchema } from '../../model/workspace.ts';
import { fromEntries, isObject, isSchema, mapSubschemas, type SchemaObject } from '../schemas/json-schema.ts';

/**
 * Says the same thing in a form that openapi-typescript prints soundly: it reads `anyOf` beside other keywords as one more
 * alternative, ignores what stands beside `$ref`, and gives index signatures that no value of the declared properties fits.
 */
export const normalise = (schema: JsonSchema): JsonSchema => {
  if (!isObject(schema)) return schema;
  const inner = mapSubschemas(dropConditions(schema), (part) => normalise(part));
  return separate(constants(indexed(withoutBooleans(withoutAnything(inner)))));
};

const shaping = [
  '$ref',
  'type',
  'const',
  'enum',
  'properties',
  'additionalProperties',
  'items',
  'prefixItems',
  'allOf',
  'anyOf',
  'oneOf',
];

/** Alternatives of which one allows everything (`{ required: [a] }`) say nothing about the type. */
const withoutAnything = (schema: SchemaObject): SchemaObject =>
  fromEntries(
    Object.entries(schema).filter(
      ([keyword, value]) =>
        !(keyword === 'anyOf' || keyword === 'oneOf') ||
        !Array.isArray(value) ||
        !value.some((part) => part === true || (isObject(part) && !shaping.some((word) => word in part))),
    ),
  );

/** Conditions and assertions that no type expresses. */
const dropConditions = (schema: SchemaObject): SchemaObject => {
  const { if: _if, then: _then, else: _else, not: _not, dependentSchemas: _dependent, $defs: _defs, ...rest } = schema;
  return rest;
};

const withoutBooleans = (schema: SchemaObject): SchemaObject => {
  if (!Array.isArray(schema['allOf'])) return schema;
  return { ...schema, allOf: schema['allOf'].filter((part) => part !== true) };
};

const constants = (schema: SchemaObject): SchemaObject => {
  if (!('const' in schema)) return schema;
  if (schema['const'] !== null) return schema;
  const { const: _, ...rest } = schema;
  return { ...rest, type: 'null' };
};

const indexed = (schema: SchemaObject): SchemaObject => {
  const { patternProperties, ...rest } = schema;
  const hasPatterns = isObject(patternProperties) && Object.keys(patternProperties).length > 0;
  const additional = schema['additionalProperties'];
  const properties = isObject(schema['properties']) ? Object.keys(schema['properties']).length : 0;
  if (!hasPatterns && !isObject(additional)) return schema;
  if (properties > 0 || (hasPatterns && additional !== false)) {
    return { ...rest, additionalProperties: true };
  }
  return schema;
};

const alternatives = ['$ref', 'allOf', 'anyOf', 'oneOf'] as const;
const notes = new Set(['description', 'title', 'summary', 'deprecated', 'default', 'example', 'examples', 'required']);
const assertionsOnly = new Set(['minProperties', 'maxProperties', 'unevaluatedProperties', 'discriminator', 'format']);

/** Each of `$ref`, `anyOf`, `oneOf` and the own structure becomes a part of one `allOf`, where there is more than one of them. */
const separate = (schema: SchemaObject): SchemaObject => {
  const used = alternatives.filter((keyword) => keyword in schema);
  const own = Object.entries(schema).filter(
    ([keyword]) => !used.includes(keyword as (typeof alternatives)[number]) && !notes.has(keyword),
  );
  const structure = own.filter(([keyword]) => !assertionsOnly.has(keyword) && !keyword.startsWith('x-'));
  const says = structure.some(([keyword, value]) => keyword !== 'type' || !isContainer(value));
  if (used.length === 0 || (used.length === 1 && !says)) return used.length === 1 ? plain(schema, used[0]) : schema;
  if (used.length === 1 && used[0] === 'allOf') return schema;
  const noted = Object.entries(schema).filter(([keyword]) => notes.has(keyword) && keyword !== 'required');
  const required = schema['required'];
  const parts: JsonSchema[] = [
    ...(says ? [{ ...fromEntries(own), ...(required === undefined ? {} : { required }) }] : []),
    ...(Array.isArray(schema['allOf']) ? schema['allOf'].filter(isSchema) : []),
    ...used.filter((keyword) => keyword !== 'allOf').map((keyword) => ({ [keyword]: schema[keyword] })),
  ];
  return { ...fromEntries(noted), ...(required === undefined ? {} : { required }), allOf: parts };
};

/** `type: object` beside an alternative adds nothing to the type. */
const isContainer = (type: unknown): boolean => type === 'object' || type === 'array';

const plain = (schema: SchemaObject, keyword: (typeof alternatives)[number] | undefined): SchemaObject => {
  if (keyword === 'allOf') return schema;
  const { type: _type, ...rest } = schema;
  return rest;
};
