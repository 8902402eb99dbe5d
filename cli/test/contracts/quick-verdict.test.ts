import { Ajv2020 } from 'ajv/dist/2020.js';
import { fullFormats } from 'ajv-formats/dist/formats.js';
import t from 'tap';
import { formatChecks } from '../../src/contracts/schemas/format-checks.ts';
import { quickVerdict } from '../../src/contracts/schemas/quick-verdict.ts';

const schemas: readonly object[] = [
  { type: 'integer', minimum: 0, exclusiveMaximum: 10, multipleOf: 2 },
  { type: ['string', 'null'], minLength: 2, maxLength: 3, pattern: '^a' },
  { type: 'string', format: 'date' },
  { type: 'integer', format: 'int32' },
  { enum: ['a', 1, null, { a: 1 }] },
  { const: [1, 2] },
  { type: 'array', items: { type: 'integer' }, minItems: 1, maxItems: 2, uniqueItems: true },
  { prefixItems: [{ type: 'string' }, { type: 'integer' }], items: false },
  {
    type: 'object',
    required: ['a'],
    properties: { a: { type: 'integer' }, b: true },
    additionalProperties: false,
    minProperties: 1,
    maxProperties: 1,
  },
  {
    patternProperties: { '^x': { type: 'string' } },
    additionalProperties: { type: 'integer' },
    propertyNames: { maxLength: 2 },
  },
  { allOf: [{ minimum: 1 }, { maximum: 3 }] },
  { anyOf: [{ type: 'string' }, { type: 'integer' }] },
  { oneOf: [{ type: 'integer' }, { minimum: 2 }] },
  { not: { type: 'string' } },
  // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
  { if: { type: 'string' }, then: { minLength: 2 }, else: { minimum: 2 } },
  {
    $ref: '#/$defs/tree',
    $defs: {
      tree: {
        type: 'object',
        properties: { left: { $ref: '#/$defs/tree' }, size: { type: 'integer' } },
        additionalProperties: false,
      },
    },
  },
  { properties: { constructor: { type: 'string' }, toString: { type: 'integer' } }, required: ['constructor'] },
  { unevaluatedProperties: false, properties: { a: {} } },
  { contains: { const: 1 }, minContains: 2 },
];
const values: readonly unknown[] = [
  0,
  1,
  2,
  3,
  2.5,
  -1,
  10,
  2 ** 40,
  'a',
  'ab',
  'abc',
  'abcd',
  'b',
  '😀a',
  '2026-02-28',
  '2026-02-30',
  null,
  true,
  [],
  [1],
  [1, 2],
  [1, 1],
  [1, 2, 3],
  ['a'],
  ['a', 1],
  ['a', 1, 2],
  [{ a: 1 }, { a: 1 }],
  {},
  { a: 1 },
  { a: 'x' },
  { b: 1 },
  { a: 1, b: 2 },
  { x: 'y' },
  { x: 1 },
  { xyz: 'a' },
  { size: 1 },
  { left: { left: { size: 'x' } } },
  { left: { left: {} } },
  { constructor: 'x' },
  { constructor: 1 },
  { constructor: 'x', toString: 'y' },
];

void t.test('a verdict is that of ajv, or none', async (t) => {
  const ajv = new Ajv2020({ strict: false, ownProperties: true, formats: fullFormats });
  const formats = await formatChecks();
  let undecided = 0;
  for (const schema of schemas) {
    const validate = ajv.compile(schema);
    const context = {
      resolve: () => ('$defs' in schema ? (schema.$defs as { tree: unknown }).tree : undefined),
      format: formats,
    };
    for (const value of values) {
      const verdict = quickVerdict(value, schema, context);
      if (verdict === undefined) undecided += 1;
      else if (verdict !== validate(value))
        t.fail(`${JSON.stringify(value)} against ${JSON.stringify(schema)}: ${String(verdict)}`);
    }
  }
  t.ok(
    undecided < (schemas.length * values.length) / 6,
    `${undecided} of ${schemas.length * values.length} are left to ajv`,
  );
});
