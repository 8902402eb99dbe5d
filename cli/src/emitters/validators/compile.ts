/**
 * Compiles schemas to the source of functions, by ajv's standalone mode:
 *
 *   export const orderBody = validate10;
 *   function validate10(data, { instancePath = '' } = {}) { … }
 */
import {
  _,
  Ajv2020,
  type AnySchemaObject,
  type CodeKeywordDefinition,
  type Format,
  type KeywordCxt,
} from 'ajv/dist/2020.js';
import standalone from 'ajv/dist/standalone/index.js';
import type { JsonSchema } from '../../model/workspace.ts';
import { assertedFormats } from '../../model/asserted-formats.ts';

export interface CompileInput {
  /** Schemas that others refer to as `#/$defs/<key>`. */
  readonly definitions: Readonly<Record<string, JsonSchema>>;
  /** What is exported: name → schema. */
  readonly exported: Readonly<Record<string, JsonSchema>>;
}

const root = 'schema://contracts';

/** Reference to a definition. Keys are plain words, so nothing needs escaping. */
export const definitionReference = (key: string): string => `${root}#/$defs/${key}`;

/** Source with free names `equal`, `ucs2length`, `formats` and `isMultipleOf`, which the runtime exports. */
export const compile = (input: CompileInput): string => {
  const { definitions, exported } = input;
  const ajv = new Ajv2020({
    code: { source: true, esm: true, lines: true, formats: _`formats`, optimize: false },
    strict: false,
    strictNumbers: true,
    allErrors: false,
    ownProperties: true,
    unicodeRegExp: true,
    useDefaults: true,
    validateSchema: false,
    addUsedSchema: false,
    inlineRefs: false,
    logger: false,
    formats: Object.fromEntries([...assertedFormats].map((name) => [name, placeholder(name)])),
  });
  // What a contract cannot say, or this one does not say, is not looked after at each step: half the code, and faster.
  ajv.opts.dynamicRef = false;
  ajv.opts.unevaluated = JSON.stringify(input).includes('"unevaluated');
  ajv.removeKeyword('multipleOf');
  ajv.addKeyword(multipleOf);
  ajv.addSchema({ $id: root, $defs: definitions }, root);
  for (const [name, schema] of Object.entries(exported)) {
    if (aliasOf(schema) === undefined) ajv.addSchema(identified(name, schema), name);
  }
  const wanted = Object.entries(exported).map(([name, schema]) => [name, aliasOf(schema) ?? name]);
  return withoutRequire(standalone.default(ajv, Object.fromEntries(wanted)));
};

/** A bare reference needs no function of its own. */
const aliasOf = (schema: JsonSchema): string | undefined =>
  typeof schema === 'object' && Object.keys(schema).length === 1 && typeof schema['$ref'] === 'string'
    ? schema['$ref']
    : undefined;

const identified = (name: string, schema: JsonSchema): AnySchemaObject =>
  typeof schema === 'boolean' ? (schema ? {} : { not: {} }) : { $id: `schema://validators/${name}`, ...schema };

const numeric = new Set(['int32', 'int64', 'float', 'double']);

/** Only the name of a format matters here: the generated code looks it up in the runtime's table. */
const placeholder = (name: string): Format =>
  numeric.has(name) ? { type: 'number', validate: () => true } : { type: 'string', validate: () => true };

/** Exact in decimals, where division of doubles is not: 0.07 is a multiple of 0.01. */
const multipleOf: CodeKeywordDefinition = {
  keyword: 'multipleOf',
  type: 'number',
  schemaType: 'number',
  error: {
    message: ({ schemaCode }) => _`"must be multiple of " + ${schemaCode}`,
    params: ({ schemaCode }) => _`{multipleOf: ${schemaCode}}`,
  },
  code: (context: KeywordCxt) => {
    context.fail(_`!isMultipleOf(${context.data}, ${context.schemaCode})`);
  },
};

const runtimeHelpers = new Map([
  ['ajv/dist/runtime/ucs2length', 'ucs2length'],
  ['ajv/dist/runtime/equal', 'equal'],
]);

/** ajv writes `const func1 = require("ajv/dist/runtime/equal").default;` even in a module. */
const withoutRequire = (source: string): string => {
  const rewritten = source
    .replace(/^"use strict";/, '')
    .replace(/require\("([^"]+)"\)\.default/g, (whole, path: string) => runtimeHelpers.get(path) ?? whole);
  if (/\brequire\(/.test(rewritten)) {
    throw new Error(
      `a validator needs a module that the runtime does not offer: ${/require\([^)]*\)/.exec(rewritten)?.[0]}`,
    );
  }
  return rewritten;
};
