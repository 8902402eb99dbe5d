import type { JsonSchema } from '../../model/workspace.ts';
import { fromEntries, isObject, pointerTokens } from './json-schema.ts';
import type { SchemaSource } from './schema-source.ts';

type Wanted = Map<string, Wanted>;

/**
 * The schema with only the declared fields: what lies on the way to a pointer is kept as far as it leads there, what a pointer
 * names is kept whole. In an array every element is meant, whatever the token (`/items/0/id`, `/items/-/id`).
 */
export const narrow = (schema: JsonSchema, pointers: readonly string[], source: SchemaSource): JsonSchema => {
  const wanted: Wanted = new Map();
  for (const pointer of pointers) {
    let level = wanted;
    const tokens = pointerTokens(pointer);
    if (tokens.length === 0) return schema;
    for (const token of tokens) {
      const next: Wanted = level.get(token) ?? new Map();
      level.set(token, next);
      level = next;
    }
    // A pointer to a whole makes longer ones beneath it meaningless.
    level.set('', new Map());
  }
  return pick(schema, wanted, source) ?? schema;
};

const pick = (schema: JsonSchema, wanted: Wanted, source: SchemaSource): JsonSchema | undefined => {
  if (wanted.size === 0 || wanted.has('')) return schema;
  const resolved = source.resolve(schema);
  if (!isObject(resolved)) return resolved === false ? false : undefined;
  const kept: Record<string, unknown> = {};
  for (const note of ['title', 'description', 'type', 'readOnly', 'writeOnly']) {
    if (note in resolved) kept[note] = resolved[note];
  }
  let found = false;
  const properties = pickProperties(resolved, wanted, source);
  if (properties.length > 0) {
    found = true;
    kept['properties'] = fromEntries(properties);
  }
  if (Array.isArray(resolved['required'])) {
    const required = resolved['required'].filter((name) => wanted.has(String(name)));
    if (required.length > 0) kept['required'] = required;
  }
  const elements = pickElements(resolved, wanted, source);
  if (elements !== undefined) {
    found = true;
    Object.assign(kept, elements);
  }
  for (const keyword of ['allOf', 'anyOf', 'oneOf'] as const) {
    if (!Array.isArray(resolved[keyword])) continue;
    const branches = resolved[keyword] as JsonSchema[];
    const picked = branches.map((branch) => pick(branch, wanted, source));
    const useful = keyword === 'allOf' ? picked.filter((part) => part !== undefined) : picked.map(orAnything);
    if (picked.some((part) => part !== undefined)) {
      found = true;
      kept[keyword === 'oneOf' ? 'anyOf' : keyword] = useful;
    }
  }
  return found ? kept : undefined;
};

/** An alternative without the field does not take part, but must not make the whole fail either. */
const orAnything = (part: JsonSchema | undefined): JsonSchema => part ?? { type: ['object', 'array', 'null'] };

const pickProperties = (
  schema: { readonly [keyword: string]: unknown },
  wanted: Wanted,
  source: SchemaSource,
): [string, JsonSchema][] => {
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  const additional = schema['additionalProperties'];
  return [...wanted].flatMap(([name, below]): [string, JsonSchema][] => {
    const declared = Object.hasOwn(properties, name)
      ? (properties[name] as JsonSchema)
      : isObject(additional)
        ? additional
        : undefined;
    const picked = declared === undefined ? undefined : pick(declared, below, source);
    return picked === undefined ? [] : [[name, picked]];
  });
};

const pickElements = (
  schema: { readonly [keyword: string]: unknown },
  wanted: Wanted,
  source: SchemaSource,
): Record<string, unknown> | undefined => {
  const below: Wanted = new Map([...wanted.values()].flatMap((next) => [...next]));
  const picked: Record<string, unknown> = {};
  if (isObject(schema['items'])) {
    const items = pick(schema['items'], below, source);
    if (items !== undefined) picked['items'] = items;
  }
  if (Array.isArray(schema['prefixItems'])) {
    picked['prefixItems'] = (schema['prefixItems'] as JsonSchema[]).map((part) => pick(part, below, source) ?? true);
  }
  return Object.keys(picked).length > 0 ? picked : undefined;
};
