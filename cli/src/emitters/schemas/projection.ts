import type { JsonSchema } from '../../model/workspace.ts';
import { fromEntries, isObject, mapSubschemas, type SchemaObject } from './json-schema.ts';
import type { SchemaSource } from './schema-source.ts';
import { chooseByTag, closeTags } from './discriminator.ts';

/**
 * One schema seen from one side. A request must not carry what is `readOnly`, an answer not what is `writeOnly`; whoever reads
 * the answers and messages of others tolerates properties and enum values that it does not know.
 */
export interface Projection {
  readonly source: SchemaSource;
  readonly hides?: 'readOnly' | 'writeOnly';
  /** What becomes of a hidden property: validators refuse it, types do not have it. */
  readonly hidden: 'refuse' | 'omit';
  /** Whether unknown properties and enum values are tolerated. */
  readonly open: boolean;
  /** The reference to write for the component of that name. */
  readonly reference: (name: string) => string;
}

/** Values that an open enum names; the types show them, validators let others pass. */
export const openEnum = 'x-parkwise-open-enum';

export const project = (schema: JsonSchema, projection: Projection, inherited: readonly string[] = []): JsonSchema => {
  if (!isObject(schema)) return schema;
  const isChecked = projection.hidden === 'refuse' && !projection.open;
  const tagged = isChecked ? chooseByTag(schema, projection.source) : closeTags(schema, projection.source);
  const hidden = [...inherited, ...hiddenNames(tagged, projection)];
  const mapped = mapSubschemas(tagged, (part, keyword, name) => {
    if (keyword === 'properties' && hidden.includes(name)) return false;
    if (keyword === 'not' || keyword === 'if') return project(part, { ...projection, open: false }, hidden);
    return project(part, projection, inPlace.has(keyword) ? hidden : []);
  });
  return finish(mapped, hidden, projection);
};

const inPlace = new Set(['allOf', 'anyOf', 'oneOf', 'then', 'else', 'dependentSchemas']);

/** Names of the properties of this object that the other side alone may set. */
const hiddenNames = (schema: SchemaObject, projection: Projection, depth = 0): string[] => {
  const { hides, source } = projection;
  if (hides === undefined || depth > 20) return [];
  const own = isObject(schema['properties']) ? Object.entries(schema['properties']) : [];
  const names = own
    .filter(([, property]) => {
      const resolved = source.resolve(property as JsonSchema);
      return isObject(resolved) && resolved[hides] === true;
    })
    .map(([name]) => name);
  const parts = Array.isArray(schema['allOf']) ? (schema['allOf'] as JsonSchema[]) : [];
  return [
    ...names,
    ...parts.flatMap((part) => {
      const resolved = source.resolve(part);
      return isObject(resolved) ? hiddenNames(resolved, projection, depth + 1) : [];
    }),
  ];
};

const finish = (schema: SchemaObject, hidden: readonly string[], projection: Projection): SchemaObject => {
  const { source, reference, open } = projection;
  return fromEntries(
    Object.entries(schema).flatMap(([keyword, value]): [string, unknown][] => {
      if (keyword === '$ref') return [[keyword, reference(source.nameOf(String(value)))]];
      if (keyword === 'required' && Array.isArray(value)) {
        return [[keyword, value.filter((name) => !hidden.includes(String(name)))]];
      }
      if (keyword === 'properties' && isObject(value) && projection.hidden === 'omit') {
        return [[keyword, fromEntries(Object.entries(value).filter(([name]) => !hidden.includes(name)))]];
      }
      if (!open) return [[keyword, value]];
      if (value === false && (keyword === 'additionalProperties' || keyword === 'unevaluatedProperties')) return [];
      if (keyword === 'oneOf') return [['anyOf', mergeAnyOf(schema, value)]];
      if (keyword === 'anyOf' && 'oneOf' in schema) return [];
      if (keyword === 'enum' && Array.isArray(value) && value.length > 1) {
        return [[openEnum, value], ...('type' in schema ? [] : ([['type', typesOf(value)]] as [string, unknown][]))];
      }
      return [[keyword, value]];
    }),
  );
};

/** With both, a value needs one of each: the pair moves into `allOf` of a single alternative. */
const mergeAnyOf = (schema: SchemaObject, oneOf: unknown): unknown =>
  'anyOf' in schema ? [{ allOf: [{ anyOf: oneOf }, { anyOf: schema['anyOf'] }] }] : oneOf;

const typesOf = (values: readonly unknown[]): string[] => [
  ...new Set(
    values.map((value) =>
      value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value === 'object' ? 'object' : typeof value,
    ),
  ),
];

/** Whether the schema, or one that it refers to, hides a property from that side. */
export const hidesAnything = (
  schema: JsonSchema,
  hides: 'readOnly' | 'writeOnly',
  source: SchemaSource,
  seen: Set<string> = new Set(),
): boolean => {
  if (!isObject(schema)) return false;
  if (typeof schema['$ref'] === 'string') {
    const name = source.nameOf(schema['$ref']);
    if (!seen.has(name)) {
      seen.add(name);
      if (hidesAnything(source.byName(name), hides, source, seen)) return true;
    }
  }
  const projection: Projection = { source, hides, hidden: 'omit', open: false, reference: (name) => name };
  if (hiddenNames(schema, projection).length > 0) return true;
  let found = false;
  mapSubschemas(schema, (part) => {
    found ||= hidesAnything(part, hides, source, seen);
    return part;
  });
  return found;
};
