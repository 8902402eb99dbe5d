import type { JsonSchema } from '../../model/workspace.ts';
import { isObject, isSchema, pointerTokens, valueAt, type SchemaObject } from './json-schema.ts';

/**
 * Where the schemas of one document are looked up. A reference to a component keeps its name; a reference into the middle of the
 * document is given one, so that everything can be told by name afterwards.
 */
export interface SchemaSource {
  /** Name of what `$ref` points at. */
  nameOf(ref: string): string;
  /** The schema of that name as the contract writes it. */
  byName(name: string): JsonSchema;
  /** The schema that a chain of references ends at. */
  resolve(schema: JsonSchema): JsonSchema;
}

const componentPrefixes = ['components/schemas', '$defs', 'definitions'];

export const schemaSource = (root: unknown): SchemaSource => {
  const elsewhere = new Map<string, string>();

  const nameOf = (ref: string): string => {
    const tokens = pointerTokens(ref);
    const prefix = componentPrefixes.find((one) => tokens.slice(0, -1).join('/') === one);
    const last = tokens.at(-1) ?? 'Root';
    if (prefix === 'components/schemas') return last;
    for (const [name, pointer] of elsewhere) if (pointer === ref) return name;
    const base = tokens.map((token) => token.replace(/[^A-Za-z0-9]+/g, '_')).join('_') || 'Root';
    let name = base;
    for (let count = 2; elsewhere.has(name) || valueAt(root, `/components/schemas/${name}`) !== undefined; count += 1)
      name = `${base}${count}`;
    elsewhere.set(name, ref);
    return name;
  };

  const byName = (name: string): JsonSchema => {
    const pointer = elsewhere.get(name);
    const components = valueAt(root, '/components/schemas');
    const found =
      pointer !== undefined
        ? valueAt(root, pointer)
        : isObject(components) && Object.hasOwn(components, name)
          ? components[name]
          : undefined;
    if (!isSchema(found)) throw new Error(`no schema is called ${name}: the loader should have reported it`);
    return found;
  };

  const resolve = (schema: JsonSchema): JsonSchema => {
    let current = schema;
    for (let steps = 0; steps < 100 && isObject(current) && typeof current['$ref'] === 'string'; steps += 1) {
      const { $ref, ...siblings } = current;
      const target = byName(nameOf($ref as string));
      current = mergeSiblings(target, siblings);
    }
    return current;
  };

  return { nameOf, byName, resolve };
};

const annotations = new Set(['description', 'title', 'summary', 'deprecated', 'default', 'readOnly', 'writeOnly']);

/** 2020-12 lets keywords stand beside `$ref`: annotations win over the target's, assertions hold in addition. */
const mergeSiblings = (target: JsonSchema, siblings: SchemaObject): JsonSchema => {
  const notes = Object.entries(siblings).filter(([keyword]) => annotations.has(keyword) || keyword.startsWith('x-'));
  const rest = Object.entries(siblings).filter(([keyword]) => !notes.some(([note]) => note === keyword));
  if (!isObject(target)) return rest.length === 0 ? target : { allOf: [target, Object.fromEntries(rest)] };
  if (rest.length === 0) return { ...target, ...Object.fromEntries(notes) };
  return { allOf: [target, Object.fromEntries(rest)], ...Object.fromEntries(notes) };
};
