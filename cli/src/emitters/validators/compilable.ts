import { assertedFormats } from '../../model/asserted-formats.ts';
import type { JsonSchema } from '../../model/workspace.ts';
import { fromEntries, isObject, mapSubschemas } from '../schemas/json-schema.ts';

/** What ajv compiles; everything else is annotation. */
const assertions = new Set(
  (
    '$ref type const enum multipleOf maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength pattern format ' +
    'prefixItems items contains minContains maxContains maxItems minItems uniqueItems unevaluatedItems ' +
    'properties patternProperties additionalProperties propertyNames required dependentRequired dependentSchemas ' +
    'maxProperties minProperties unevaluatedProperties allOf anyOf oneOf not if then else'
  ).split(' '),
);

/** Formats whose value is not restricted: they say how it is shown or stored. */
const unrestricted = new Set(['password', 'binary']);

/** The schema with assertions alone, in a form that ajv checks to the letter. */
export const compilable = (schema: JsonSchema): JsonSchema => {
  if (!isObject(schema)) return schema;
  const kept = fromEntries(
    Object.entries(schema).filter(
      ([keyword, value]) =>
        assertions.has(keyword) && !(keyword === 'format' && (unrestricted.has(String(value)) || !known(value))),
    ),
  );
  return protectPrototype(mapSubschemas(kept, (part) => compilable(part)) as Readonly<Record<string, unknown>>);
};

/** ajv passes over a property called `__proto__`; a pattern reaches it. */
const protectPrototype = (schema: Readonly<Record<string, unknown>>): JsonSchema => {
  const properties = schema['properties'];
  if (!isObject(properties) || !Object.hasOwn(properties, '__proto__')) return schema;
  const others = fromEntries(Object.entries(properties).filter(([name]) => name !== '__proto__'));
  const patterns = isObject(schema['patternProperties']) ? schema['patternProperties'] : {};
  return {
    ...schema,
    properties: others,
    patternProperties: { ...patterns, '^__proto__$': properties['__proto__'] },
  };
};

const known = (format: unknown): boolean => assertedFormats.has(String(format));
