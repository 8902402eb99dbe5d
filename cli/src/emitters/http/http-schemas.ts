import type { HttpContract, JsonSchema } from '../../model/workspace.ts';
import { fromEntries, isObject, isSchema, valueAt } from '../schemas/json-schema.ts';
import { hidesAnything, project, type Projection } from '../schemas/projection.ts';
import { schemaSource, type SchemaSource } from '../schemas/schema-source.ts';
import { normalise } from '../types/normalise.ts';

export type Side = 'request' | 'answer';

/**
 * The schemas of one contract as its two sides see them. A component that both see alike has one name; where `readOnly` or
 * `writeOnly` makes a difference, the request's is called `<name>Input`.
 */
export interface HttpSchemas {
  readonly source: SchemaSource;
  /** The schema at a pointer into the document, as the contract writes it. */
  at(pointer: string): JsonSchema;
  /** For printing: references name components of {@link document}. */
  typeOf(schema: JsonSchema, side: Side): JsonSchema;
  /** The contract with each schema as its side sees it: what the types are printed from. Complete once everything has been asked for. */
  document(): Readonly<Record<string, unknown>>;
}

export const httpSchemas = (contract: HttpContract): HttpSchemas => {
  const source = schemaSource(contract.document);
  const declared = valueAt(contract.document, '/components/schemas');
  const names = isObject(declared) ? Object.keys(declared) : [];
  const components = new Map<string, JsonSchema>();
  const inputs = new Map<string, string>();

  const projection = (side: Side): Projection => ({
    source,
    hides: side === 'request' ? 'readOnly' : 'writeOnly',
    hidden: 'omit',
    open: false,
    reference: (name) => `#/components/schemas/${escapeToken(add(name, side))}`,
  });
  const typeOf = (schema: JsonSchema, side: Side): JsonSchema => normalise(project(schema, projection(side)));

  /** Adds the component as that side sees it, and says what it is called. */
  const add = (name: string, side: Side): string => {
    const called = side === 'request' && isTwoSided(name, source) ? inputName(name) : name;
    if (!components.has(called)) {
      components.set(called, true);
      components.set(called, typeOf(source.byName(name), called === name ? 'answer' : 'request'));
    }
    return called;
  };

  const inputName = (name: string): string => {
    let called = inputs.get(name);
    for (let count = 1; called === undefined; count += 1) {
      const candidate = `${name}Input${count === 1 ? '' : count}`;
      if (!names.includes(candidate)) called = candidate;
    }
    inputs.set(name, called);
    return called;
  };

  const walk = (node: unknown, side: Side, key: string): unknown => {
    if (Array.isArray(node)) return node.map((part) => walk(part, side, ''));
    if (!isObject(node)) return node;
    if (key === 'schema') return typeOf(node, side);
    return fromEntries(
      Object.entries(node)
        .filter(([name]) => !name.startsWith('x-') && name !== 'examples' && name !== 'example')
        .map(([name, value]) => [name, walk(value, sides[name] ?? side, name)]),
    );
  };

  let made: { readonly size: number; readonly document: Readonly<Record<string, unknown>> } | undefined;
  const document = (): Readonly<Record<string, unknown>> => {
    if (made === undefined || made.size !== components.size) {
      const document = makeDocument();
      made = { size: components.size, document };
    }
    return made.document;
  };

  const makeDocument = (): Readonly<Record<string, unknown>> => {
    const { components: parts, webhooks: _, ...rest } = contract.document;
    const { schemas: __, ...others } = isObject(parts) ? parts : {};
    for (const name of names) add(name, 'answer');
    const walked = walk(rest, 'answer', '') as Record<string, unknown>;
    const walkedParts = walk(others, 'answer', '') as Record<string, unknown>;
    const sorted = [...components].toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    return { ...walked, components: { schemas: fromEntries(sorted), ...walkedParts } };
  };

  return {
    source,
    at: (pointer) => {
      const found = valueAt(contract.document, pointer);
      if (!isSchema(found)) throw new Error(`no schema at ${contract.file}#${pointer}`);
      return found;
    },
    typeOf,
    document,
  };
};

const sides: Readonly<Record<string, Side>> = {
  requestBody: 'request',
  requestBodies: 'request',
  parameters: 'request',
  responses: 'answer',
  headers: 'answer',
};

const isTwoSided = (name: string, source: SchemaSource): boolean =>
  hidesAnything(source.byName(name), 'readOnly', source, new Set([name])) ||
  hidesAnything(source.byName(name), 'writeOnly', source, new Set([name]));

const escapeToken = (token: string): string => token.replaceAll('~', '~0').replaceAll('/', '~1');
