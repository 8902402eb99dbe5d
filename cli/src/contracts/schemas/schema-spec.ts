/** The keywords of both JSON Schema dialects and what their values look like. */
import { any, boolean, integer, list, map, object, schema, string, uri } from '../../source/kind.ts';
import type { Kind, ObjectSpec } from '../../source/kind.ts';

export type Dialect = 'draft-07' | '2020-12';

const types = ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'] as const;
const typeName: Kind = { is: 'string', oneOf: types };
const count = integer({ min: 0 });
const number: Kind = { is: 'number' };
const strings = list(string, { unique: true });
const schemas = list(schema, { min: 1 });

/** They describe what is inside a string; nothing looks inside. */
const notChecked = (keyword: string): Kind => ({
  is: 'notCarried',
  of: any,
  severity: 'warning',
  construct: `"${keyword}" is`,
  hint: 'Leave it as documentation, or say by "format: byte" or "pattern" what the string looks like.',
});

const both: Readonly<Record<string, Kind>> = {
  $comment: string,
  title: string,
  description: string,
  default: any,
  deprecated: boolean,
  readOnly: boolean,
  writeOnly: boolean,
  examples: list(any),
  externalDocs: any,
  type: {
    is: 'choice',
    says: 'the name of a type or a list of them',
    of: (value) =>
      Array.isArray(value)
        ? list(typeName, { min: 1, unique: true })
        : typeof value === 'string'
          ? typeName
          : undefined,
  },
  enum: list(any, { min: 1 }),
  const: any,
  multipleOf: number,
  maximum: number,
  exclusiveMaximum: number,
  minimum: number,
  exclusiveMinimum: number,
  maxLength: count,
  minLength: count,
  pattern: string,
  maxItems: count,
  minItems: count,
  uniqueItems: boolean,
  maxProperties: count,
  minProperties: count,
  required: strings,
  format: string,
  contentEncoding: notChecked('contentEncoding'),
  contentMediaType: notChecked('contentMediaType'),
  allOf: schemas,
  anyOf: schemas,
  oneOf: schemas,
  not: schema,
  if: schema,
  // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
  then: schema,
  else: schema,
  contains: schema,
  properties: { is: 'map', of: schema, allowsProto: true },
  patternProperties: map(schema),
  additionalProperties: schema,
  propertyNames: schema,
};

const discriminator: Kind = object(() => ({
  name: 'discriminator',
  extensible: true,
  required: ['propertyName'],
  fields: { propertyName: string, mapping: map(string) },
}));

const xml: Kind = {
  is: 'notCarried',
  of: any,
  severity: 'warning',
  construct: 'XML is',
  hint: 'Remove it: bodies are JSON, forms or text.',
};

const notWritten = (construct: string, hint: string): Kind => ({
  is: 'notCarried',
  of: any,
  severity: 'error',
  construct,
  hint,
});
const id = notWritten(
  'A base of its own ($id) for a schema is',
  'Remove "$id" and refer to the place by file and JSON pointer.',
);
const anchor = notWritten('An anchor is', 'Refer to the place by a JSON pointer such as "#/components/schemas/Order".');

const inOpenApi: ObjectSpec = {
  name: 'schema (JSON Schema 2020-12)',
  section: 'schemas',
  extensible: true,
  fields: {
    ...both,
    $schema: uri,
    $id: id,
    $anchor: anchor,
    $dynamicRef: notWritten('A dynamic reference is', 'Write a "$ref" for each use.'),
    $dynamicAnchor: notWritten('A dynamic anchor is', 'Remove it and write a "$ref" for each use.'),
    $vocabulary: notWritten('A vocabulary is', 'Remove it.'),
    $ref: string,
    $defs: map(schema),
    prefixItems: schemas,
    items: schema,
    minContains: count,
    maxContains: count,
    dependentSchemas: map(schema),
    dependentRequired: map(strings),
    unevaluatedItems: schema,
    unevaluatedProperties: schema,
    contentSchema: notChecked('contentSchema'),
    discriminator,
    xml,
    example: any,
  },
  insteadRule: 'outside-dialect',
  instead: {
    nullable: 'JSON Schema 2020-12 has no "nullable": add "null" to the types, as in type: [string, "null"].',
    definitions: 'In JSON Schema 2020-12 it is called "$defs".',
    dependencies: 'In JSON Schema 2020-12 it is "dependentRequired" or "dependentSchemas".',
    additionalItems: 'In JSON Schema 2020-12 tuples are "prefixItems" and what follows them is "items".',
    $recursiveRef: 'Write a "$ref".',
    $recursiveAnchor: 'Remove it and write a "$ref".',
    id: 'Remove it.',
    divisibleBy: 'Write "multipleOf".',
    extends: 'Write "allOf".',
  },
};

const later = (keyword: string): string =>
  `"${keyword}" came after draft-07. Leave it out, or declare the schemas as 2020-12 by a schemaFormat of application/schema+json;version=draft/2020-12.`;

const draft07: ObjectSpec = {
  name: 'schema (JSON Schema draft-07)',
  section: 'schemas',
  extensible: true,
  fields: {
    ...both,
    $schema: uri,
    $id: id,
    $ref: string,
    definitions: map(schema),
    items: {
      is: 'choice',
      says: 'a schema or a list of schemas',
      of: (value) => (Array.isArray(value) ? schemas : schema),
    },
    additionalItems: schema,
    dependencies: map({
      is: 'choice',
      says: 'a schema or a list of names',
      of: (value) => (Array.isArray(value) ? strings : schema),
    }),
    discriminator: notWritten(
      'A discriminator of AsyncAPI is',
      'Write "oneOf" with a "const" in each of the alternatives.',
    ),
  },
  insteadRule: 'outside-dialect',
  instead: {
    ...Object.fromEntries(
      [
        '$defs',
        '$anchor',
        '$dynamicRef',
        '$dynamicAnchor',
        '$vocabulary',
        'prefixItems',
        'minContains',
        'maxContains',
        'dependentSchemas',
        'dependentRequired',
        'unevaluatedItems',
        'unevaluatedProperties',
        'contentSchema',
      ].map((keyword) => [keyword, later(keyword)]),
    ),
    nullable: 'JSON Schema has no "nullable": add "null" to the types, as in type: [string, "null"].',
    example: 'JSON Schema has "examples", a list.',
  },
};

const { discriminator: _discriminator, xml: _xml, example: _example, ...inAsyncApi } = inOpenApi.fields;

/** Keywords by dialect; OpenAPI adds some of its own to 2020-12. */
export const schemaSpec = (dialect: Dialect, kind: 'openapi' | 'asyncapi'): ObjectSpec => {
  if (dialect === 'draft-07') return draft07;
  return kind === 'openapi'
    ? inOpenApi
    : { ...inOpenApi, fields: { ...inAsyncApi, discriminator: draft07.fields['discriminator'] ?? any } };
};

/** Keywords that say something about a value without deciding whether it fits. */
export const annotations: ReadonlySet<string> = new Set([
  '$comment',
  'title',
  'description',
  'default',
  'deprecated',
  'readOnly',
  'writeOnly',
  'examples',
  'example',
  'externalDocs',
  '$defs',
  'definitions',
]);
