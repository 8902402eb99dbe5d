/**
 * Prints JSON Schemas as TypeScript by openapi-typescript's own transformer. The deep imports leave out its bundler, which takes
 * longer to load than everything else here: references are resolved already.
 *
 *   { type: object, required: [id], properties: { id: { type: string, format: uuid } } }   →   { id: string }
 */
import transformSchema from 'openapi-typescript/dist/transform/index.mjs';
import transformSchemaObject from 'openapi-typescript/dist/transform/schema-object.mjs';
import { astToString, tsUnion, tsLiteral, STRING, NUMBER, UNKNOWN } from 'openapi-typescript/dist/lib/ts.mjs';
import type { GlobalContext, SchemaObject as OpenApiSchema } from 'openapi-typescript';
import ts from 'typescript';
import type { JsonSchema } from '../../model/workspace.ts';
import { isObject, pointerTokens, valueAt } from '../schemas/json-schema.ts';
import { openEnum } from '../schemas/projection.ts';
import { normalise } from './normalise.ts';

const context = (root: unknown): GlobalContext =>
  ({
    additionalProperties: false,
    alphabetize: false,
    arrayLength: false,
    defaultNonNullable: false,
    discriminators: { objects: {}, refsHandled: [] },
    emptyObjectsUnknown: true,
    enum: false,
    enumValues: false,
    excludeDeprecated: false,
    exportType: false,
    immutable: false,
    injectFooter: [],
    pathParamsAsTypes: false,
    propertiesRequiredByDefault: false,
    rootTypes: false,
    silent: true,
    readWriteMarkers: false,
    resolve: (ref: string) => valueAt(root, `/${pointerTokens(ref).map(escapeToken).join('/')}`),
    transform: (schema: OpenApiSchema, options: { ctx: GlobalContext; path?: string }) => special(schema, options),
  }) as unknown as GlobalContext;

const escapeToken = (token: string): string => token.replaceAll('~', '~0').replaceAll('/', '~1');

/** What the library does not print, or prints too narrowly. */
const special = (schema: unknown, options: { ctx: GlobalContext; path?: string }): ts.TypeNode | undefined => {
  if (!isObject(schema)) return undefined;
  const known = schema[openEnum];
  if (Array.isArray(known)) return openUnion(known);
  if (schema['format'] === 'binary' && schema['type'] === 'string') {
    return ts.factory.createTypeReferenceNode('Uint8Array');
  }
  if (Array.isArray(schema['prefixItems']) && schema['type'] === 'array') {
    return tuple(schema['prefixItems'] as JsonSchema[], schema, options);
  }
  return undefined;
};

/** `'a' | 'b' | (string & {})`: the names are offered, others are expected. */
const openUnion = (values: readonly unknown[]): ts.TypeNode => {
  const rest = [
    ...(values.some((value) => typeof value === 'string') ? [STRING] : []),
    ...(values.some((value) => typeof value === 'number') ? [NUMBER] : []),
  ].map((type) =>
    ts.factory.createParenthesizedType(
      ts.factory.createIntersectionTypeNode([type, ts.factory.createTypeLiteralNode([])]),
    ),
  );
  return tsUnion([...values.map((value) => tsLiteral(value)), ...rest]);
};

/** Elements may be missing unless `minItems` asks for them, and more may follow unless `items` forbids it. */
const tuple = (
  prefix: readonly JsonSchema[],
  schema: Readonly<Record<string, unknown>>,
  options: { ctx: GlobalContext; path?: string },
): ts.TypeNode => {
  const least = typeof schema['minItems'] === 'number' ? schema['minItems'] : 0;
  const print = (part: unknown): ts.TypeNode =>
    part === true || part === undefined ? UNKNOWN : transformSchemaObject(part as OpenApiSchema, options);
  const elements: ts.TypeNode[] = prefix.map((part, index) =>
    index < least ? print(part) : ts.factory.createOptionalTypeNode(print(part)),
  );
  const most = typeof schema['maxItems'] === 'number' ? schema['maxItems'] : Infinity;
  if (schema['items'] !== false && most > prefix.length) {
    elements.push(ts.factory.createRestTypeNode(ts.factory.createArrayTypeNode(print(schema['items']))));
  }
  return ts.factory.createTupleTypeNode(elements);
};

/** The whole document as openapi-typescript prints it. */
export const printDocument = (document: Readonly<Record<string, unknown>>): string =>
  readable(astToString(transformSchema(document as never, context(document))));

/** The printer escapes what is not ASCII; letters are read more easily as such. */
const readable = (text: string): string =>
  text.replace(/(?<!\\)\\u([0-9A-F]{4})/g, (escape, code: string) => {
    const letter = String.fromCharCode(Number.parseInt(code, 16));
    return /[\p{L}\p{N}]/u.test(letter) ? letter : escape;
  });

export interface TypePrinter {
  /** A type expression; multi-line where it is an object. */
  print(schema: JsonSchema): string;
  /** `export interface Name {…}` for an object, `export type Name = …;` for the rest. */
  declare(name: string, schema: JsonSchema): string;
  /** Declarations that printed types rely on. */
  footer(): string;
}

/**
 * @param root Document with the components that the schemas refer to, under `components/schemas`.
 * @param reference How a component is called in the generated file.
 */
export const typePrinter = (root: unknown, reference: (name: string) => string): TypePrinter => {
  const ctx = context(root);
  const node = (schema: JsonSchema): ts.TypeNode =>
    transformSchemaObject(normalise(schema) as OpenApiSchema, { ctx, path: '' });
  const text = (type: ts.TypeNode): string => tidy(readable(named(astToString([type]).trim(), reference)));
  return {
    print: (schema) => text(node(schema)),
    declare: (name, schema) => {
      const type = node(schema);
      return ts.isTypeLiteralNode(type)
        ? `export interface ${name} ${text(type)}`
        : `export type ${name} = ${text(type)};`;
    },
    footer: () => (ctx.injectFooter.length === 0 ? '' : tidy(astToString(ctx.injectFooter))),
  };
};

const named = (text: string, reference: (name: string) => string): string =>
  text.replace(/components\["schemas"\]\[("(?:[^"\\]|\\.)*")\]/g, (_, quoted: string) =>
    reference(JSON.parse(quoted) as string),
  );

/** Descriptions read as text; what the type itself says is not said again. */
const tidy = (text: string): string =>
  text.replace(/^([ \t]*)\/\*\*([\s\S]*?)\*\/\n/gm, (_, indent: string, inner: string) => comment(inner, indent));

const comment = (inner: string, indent: string): string => {
  const lines = inner
    .split('\n')
    .map((line) => line.replace(/^[ \t]*\* {0,5}/, '').trimEnd())
    .map((line) => line.trimStart().replace(/^@description /, ''))
    .filter((line) => !/^@(?:enum \{.*\}|constant)$/.test(line));
  while (lines[0] === '') lines.shift();
  while (lines.at(-1) === '') lines.pop();
  const formats = lines.filter((line) => /^Format: \S+$/.test(line));
  const tags = lines.findIndex((line) => line.startsWith('@'));
  const words = lines.filter((line) => !formats.includes(line));
  const at =
    tags === -1
      ? words.length
      : Math.max(
          0,
          words.findIndex((line) => line.startsWith('@')),
        );
  const ordered = [...words.slice(0, at), ...formats, ...words.slice(at)];
  if (ordered.length === 0) return '';
  if (ordered.length === 1) return `${indent}/** ${ordered[0]} */\n`;
  return `${indent}/**\n${ordered.map((line) => `${indent} *${line === '' ? '' : ` ${line}`}`).join('\n')}\n${indent} */\n`;
};
