import type { JsonSchema } from '../../model/workspace.ts';
import { fromEntries, isObject } from '../schemas/json-schema.ts';
import type { SchemaSource } from '../schemas/schema-source.ts';

/** The same as the runtime's: how text becomes a value before it is validated. */
export type ValueShape =
  | { readonly kind: 'scalar'; readonly types: readonly ScalarType[] }
  | { readonly kind: 'array'; readonly items: ValueShape }
  | {
      readonly kind: 'object';
      readonly properties: Readonly<Record<string, ValueShape>>;
      readonly additional?: ValueShape;
    }
  | { readonly kind: 'json' };

type ScalarType = 'string' | 'number' | 'integer' | 'boolean' | 'null';
const scalarTypes: readonly ScalarType[] = ['null', 'boolean', 'integer', 'number', 'string'];

/**
 * What a schema says about the structure of a value. Alternatives are united; where one of them is an array or an object, text
 * is read as that, since a single text is also a list of one.
 */
export const valueShape = (schema: JsonSchema, source: SchemaSource, depth = 0): ValueShape => {
  const views = depth > 8 ? [] : alternatives(schema, source, 0);
  const arrays = views.filter((view) => saysType(view, 'array') || 'items' in view || 'prefixItems' in view);
  if (arrays.length > 0) {
    const items = arrays.flatMap((view) => [
      ...(isObject(view['items']) ? [view['items']] : []),
      ...(Array.isArray(view['prefixItems']) ? (view['prefixItems'] as JsonSchema[]) : []),
    ]);
    return { kind: 'array', items: items.length > 0 ? valueShape({ anyOf: items }, source, depth + 1) : anyText };
  }
  const objects = views.filter((view) => saysType(view, 'object') || 'properties' in view);
  if (objects.length > 0) return objectShape(objects, source, depth);
  const types = new Set(views.flatMap(scalarsOf));
  return { kind: 'scalar', types: types.size > 0 ? scalarTypes.filter((type) => types.has(type)) : ['string'] };
};

const anyText: ValueShape = { kind: 'scalar', types: ['string'] };

const objectShape = (
  objects: readonly { readonly [keyword: string]: unknown }[],
  source: SchemaSource,
  depth: number,
): ValueShape => {
  const parts = new Map<string, JsonSchema[]>();
  const additional: JsonSchema[] = [];
  let closed = false;
  for (const view of objects) {
    const properties = isObject(view['properties']) ? Object.entries(view['properties']) : [];
    for (const [name, part] of properties) parts.set(name, [...(parts.get(name) ?? []), part as JsonSchema]);
    const patterns = isObject(view['patternProperties']) ? Object.values(view['patternProperties']) : [];
    additional.push(...(patterns as JsonSchema[]));
    const rest = view['additionalProperties'] ?? view['unevaluatedProperties'];
    if (isObject(rest)) additional.push(rest);
    else if (rest === false) closed = true;
  }
  const open =
    additional.length > 0 ? valueShape({ anyOf: additional }, source, depth + 1) : closed ? undefined : anyText;
  return {
    kind: 'object',
    properties: fromEntries(
      [...parts].map(([name, schemas]) => [name, valueShape({ anyOf: schemas }, source, depth + 1)]),
    ),
    ...(open === undefined ? {} : { additional: open }),
  };
};

/** The schema itself and everything that is combined with it in place. */
const alternatives = (
  schema: JsonSchema,
  source: SchemaSource,
  depth: number,
): { readonly [keyword: string]: unknown }[] => {
  const resolved = source.resolve(schema);
  if (!isObject(resolved) || depth > 20) return [];
  const inner = ['allOf', 'anyOf', 'oneOf', 'then', 'else'].flatMap((keyword) => {
    const part = resolved[keyword];
    return Array.isArray(part) ? (part as JsonSchema[]) : part === undefined ? [] : [part as JsonSchema];
  });
  return [resolved, ...inner.flatMap((part) => alternatives(part, source, depth + 1))];
};

const saysType = (view: { readonly [keyword: string]: unknown }, type: string): boolean =>
  view['type'] === type || (Array.isArray(view['type']) && view['type'].includes(type));

const scalarsOf = (view: { readonly [keyword: string]: unknown }): ScalarType[] => {
  const declared = [view['type']].flat().filter((type): type is ScalarType => scalarTypes.includes(type as ScalarType));
  if (declared.length > 0) return declared;
  const values = 'const' in view ? [view['const']] : Array.isArray(view['enum']) ? view['enum'] : [];
  return values.flatMap((value): ScalarType[] =>
    value === null ? ['null'] : scalarTypes.includes(typeof value as ScalarType) ? [typeof value as ScalarType] : [],
  );
};
