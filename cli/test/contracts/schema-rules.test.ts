import t from 'tap';
import { expectEach } from './expect-findings.ts';
import { message, openApi, operation, posting, schema } from './inline-workspace.ts';

void t.test('keywords', async (t) => {
  expectEach(t, {
    'a keyword misspelt': schema(`type: string\n«unknown-field»maxLenght: 3`),
    'a keyword of the wrong type': schema(`type: string\nmaxLength: «wrong-type»'3'`),
    'a type that is none': schema(`type: «wrong-value»strng`),
    'nullable of OpenAPI 3.0': schema(`type: string\n«outside-dialect»nullable: true`),
    'exclusiveMinimum of OpenAPI 3.0': schema(`type: integer\nexclusiveMinimum: «wrong-type»true`),
    'a base of its own': schema(`«construct-not-carried»$id: https://x.example/order`),
    'a dynamic reference': schema(`«construct-not-carried»$dynamicRef: '#node'`),
    'an anchor': schema(`«construct-not-carried»$anchor: order`),
    xml: schema(`type: string\n«construct-not-carried»xml: { name: order }`),
    contentEncoding: schema(`type: string\n«construct-not-carried»contentEncoding: base64`),
    'a keyword for another type': schema(`type: integer\n«keyword-without-effect»maxLength: 3`),
    'everything that is carried': schema(
      `type: object\nproperties:\n  a: { type: [string, 'null'], minLength: 1, format: date-time }\n  b: { type: array, prefixItems: [{ type: string }], items: false, contains: { const: x }, minContains: 1 }\n  c: { oneOf: [{ type: string }, { type: integer }], not: { const: 3 } }\n  d: { if: { type: string }, then: { minLength: 1 }, else: { minimum: 0 } }\npatternProperties: { '^x-': true }\ndependentRequired: { a: [b] }\ndependentSchemas: { c: { required: [d] } }\npropertyNames: { maxLength: 3 }\nunevaluatedProperties: false`,
    ),
    'names that mean something to JavaScript': schema(
      `type: object\nrequired: [constructor, toString]\nproperties: { constructor: { type: string }, toString: { type: string }, class: { type: string }, hasOwnProperty: { type: string } }`,
    ),
    'a property called __proto__': schema(`type: object\nproperties:\n  «hostile-name»__proto__: { type: string }`),
    'true and false': schema(`properties: { a: true, b: false }`),
  });
});

void t.test('values that cannot be', async (t) => {
  expectEach(t, {
    'a pattern that is none': schema(`type: string\npattern: «invalid-pattern»'['`),
    'a pattern that takes exponential time': schema(`type: string\npattern: «slow-pattern»'^(a+)+$'`),
    'a slow pattern of names': schema(`type: object\npatternProperties: { «slow-pattern»'^(\\d+)*$': true }`),
    'a minimum above the maximum': schema(`type: integer\nminimum: «impossible-bounds»5\nmaximum: 3`),
    'an exclusive bound that leaves nothing': schema(
      `type: number\nexclusiveMinimum: «impossible-bounds»3\nmaximum: 3`,
    ),
    'lengths the wrong way round': schema(`type: string\nminLength: «impossible-bounds»5\nmaxLength: 3`),
    'a negative length': schema(`type: string\nmaxLength: «wrong-value»-1`),
    'a step of nothing': schema(`type: number\nmultipleOf: «impossible-bounds»0`),
    'an enum of another type': schema(`type: string\nenum: [a, «impossible-value»1]`),
    'an enum with a value twice': schema(`enum: [a, «duplicate-value»a]`),
    'a const of another type': schema(`type: integer\nconst: «impossible-value»a`),
    'required and forbidden': schema(
      `type: object\nadditionalProperties: false\nrequired: [«impossible-required»idd]\nproperties: { id: { type: string } }`,
    ),
    'never there': schema(`type: string\nreadOnly: true\n«impossible-value»writeOnly: true`),
    'a format nobody checks': schema(`type: string\nformat: «format-not-asserted»phone`),
    'formats that are checked': schema(
      `properties: { a: { type: integer, format: int64 }, b: { type: string, format: uuid }, c: { type: string, format: password } }`,
    ),
  });
});

void t.test('examples', async (t) => {
  const media = (text: string): ReturnType<typeof operation> =>
    operation(
      `responses:\n  '200':\n    description: Fine.\n    content:\n      application/json:\n${text.replaceAll(/^/gm, ' '.repeat(8))}`,
    );
  expectEach(t, {
    'of a media type': media(`schema: { type: integer, minimum: 0 }\nexample: «invalid-example»-5`),
    'named, deep inside': media(
      `schema: { type: array, items: { type: object, properties: { a: { type: integer } } } }\nexamples:\n  one:\n    value:\n      - a: 1\n      - a: «invalid-example»x`,
    ),
    'with a property too many': media(
      `schema: { type: object, additionalProperties: false }\nexample: { «invalid-example»a: 1 }`,
    ),
    'with a format': media(`schema: { type: string, format: date }\nexample: «invalid-example»'2026-02-30'`),
    'of a schema': schema(`type: string\nmaxLength: 2\nexamples: [ab, «invalid-example»abc]`),
    'a default': schema(`type: string\nmaxLength: 2\ndefault: «invalid-default»abc`),
    'beside a reference with more': openApi(
      `components:\n  schemas:\n    Small: { type: integer, maximum: 9 }\n    Smaller:\n      $ref: '#/components/schemas/Small'\n      maximum: 5\n      examples: [«invalid-example»7]\n`,
    ),
    'of a request without what only answers have': posting(
      `requestBody:\n  content:\n    application/json:\n      schema: { type: object, required: [id], properties: { id: { type: integer, readOnly: true } } }\n      example: {}`,
    ),
    'through a reference': openApi(
      `components:\n  examples:\n    Bad:\n      value: «invalid-example»x\n  responses:\n    Fine:\n      description: Fine.\n      content: { application/json: { schema: { type: integer }, examples: { a: { $ref: '#/components/examples/Bad' } } } }\npaths:\n  /a:\n    get: { operationId: one, security: [], responses: { '200': { $ref: '#/components/responses/Fine' } } }\n`,
    ),
    'of a message': message(
      `payload: { type: object, properties: { a: { type: integer } } }\nexamples:\n  - payload: { a: «invalid-example»x }`,
    ),
    'of the headers of a message': message(
      `payload: { type: object }\nheaders: { type: object, properties: { a: { type: string } } }\nexamples:\n  - headers: { a: «invalid-example»1 }`,
    ),
  });
});

void t.test('discriminators', async (t) => {
  const cats = (text: string): ReturnType<typeof openApi> =>
    openApi(
      `components:\n  schemas:\n    Cat: { type: object, required: [kind], properties: { kind: { const: cat } } }\n    Dog: { type: object, required: [kind], properties: { kind: { type: string } } }\n    Fish: { type: object }\n    Pet:\n${text.replaceAll(/^/gm, ' '.repeat(6))}\n`,
    );
  expectEach(t, {
    'with a mapping': cats(
      `oneOf: [{ $ref: '#/components/schemas/Cat' }, { $ref: '#/components/schemas/Dog' }]\ndiscriminator: { propertyName: kind, mapping: { cat: Cat, dog: '#/components/schemas/Dog' } }`,
    ),
    alone: cats(`type: object\n«construct-not-carried»discriminator: { propertyName: kind }`),
    'a mapping to nothing': cats(
      `oneOf: [{ $ref: '#/components/schemas/Dog' }]\ndiscriminator: { propertyName: kind, mapping: { cow: «unresolved-reference»Cow, Dog: Dog } }`,
    ),
    'a mapping to what is no alternative': cats(
      `oneOf: [{ $ref: '#/components/schemas/Dog' }]\ndiscriminator: { propertyName: kind, mapping: { cat: «discriminator-mismatch»Cat, Dog: Dog } }`,
    ),
    'another value than the mapping says': cats(
      `oneOf: [«discriminator-mismatch»{ $ref: '#/components/schemas/Cat' }, { $ref: '#/components/schemas/Dog' }]\ndiscriminator: { propertyName: kind }`,
    ),
    'an alternative without the property': cats(
      `oneOf: [«discriminator-mismatch»{ $ref: '#/components/schemas/Fish' }]\ndiscriminator: { propertyName: kind }`,
    ),
    'an alternative without a name': cats(
      `oneOf: [«discriminator-mismatch»{ type: object }]\ndiscriminator: { propertyName: kind }`,
    ),
  });
});

void t.test('draft-07', async (t) => {
  const payload = (text: string): ReturnType<typeof message> => message(`payload:\n${text.replaceAll(/^/gm, '  ')}`);
  expectEach(t, {
    'a keyword of 2020-12': payload(`type: object\n«outside-dialect»unevaluatedProperties: false`),
    'an assertion beside a reference': message(
      `payload:\n  properties:\n    b: { type: integer }\n    a:\n      $ref: '#/channels/orderEvents/messages/OrderPlaced/payload/properties/b'\n      «ignored-beside-reference»maximum: 3`,
    ),
    'a description beside a reference': message(
      `payload:\n  properties:\n    b: { type: integer }\n    a:\n      $ref: '#/channels/orderEvents/messages/OrderPlaced/payload/properties/b'\n      description: The same.`,
    ),
    'a list of items': payload(`type: array\nitems: [{ type: string }]\nadditionalItems: false`),
    dependencies: payload(`type: object\ndependencies: { a: [b], c: { required: [d] } }`),
    '2020-12 by its format': message(
      `payload:\n  schemaFormat: application/schema+json;version=draft/2020-12\n  schema: { type: object, unevaluatedProperties: false }`,
    ),
    Avro: message(
      `payload:\n  «construct-not-carried»schemaFormat: application/vnd.apache.avro+json;version=1.9.0\n  schema: { type: record, name: A, fields: [] }`,
    ),
  });
});
