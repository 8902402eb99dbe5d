import type { JsonSchema } from '../../model/workspace.ts';
import { fromEntries, isObject, type SchemaObject } from './json-schema.ts';
import type { SchemaSource } from './schema-source.ts';

/**
 * A discriminator as validation: each alternative also states the values of the tag that choose it, unless its schema does so
 * already. `{ oneOf: [Cat, Dog], discriminator: { propertyName: kind } }` becomes
 * `{ oneOf: [{ allOf: [Cat, { kind: 'Cat' }] }, …] }`.
 */
export const closeTags = (schema: SchemaObject, source: SchemaSource): SchemaObject => {
  const discriminator = schema['discriminator'];
  if (!isObject(discriminator) || typeof discriminator['propertyName'] !== 'string') return schema;
  const property = discriminator['propertyName'];
  const { discriminator: _, ...rest } = schema;
  const close = (branches: unknown): unknown =>
    Array.isArray(branches) ? branches.map((branch) => closeBranch(branch as JsonSchema)) : branches;
  const closeBranch = (branch: JsonSchema): JsonSchema => {
    if (!isObject(branch) || typeof branch['$ref'] !== 'string' || statedTags(branch, property, source)) return branch;
    const tags = mappedTags(source.nameOf(branch['$ref']), discriminator);
    return {
      allOf: [branch, { type: 'object', properties: { [property]: { enum: tags } }, required: [property] }],
    };
  };
  return {
    ...rest,
    ...('oneOf' in schema ? { oneOf: close(schema['oneOf']) } : {}),
    ...('anyOf' in schema ? { anyOf: close(schema['anyOf']) } : {}),
  };
};

/**
 * The same for a strict validator: the tag chooses the one alternative that is tried, so that a fault is reported where it is
 * and not as one of the first alternative:
 *
 *   { allOf: [{ kind: 'Cat' | 'Dog' }, { if: { kind: 'Cat' }, then: Cat }, { if: { kind: 'Dog' }, then: Dog }] }
 */
export const chooseByTag = (schema: SchemaObject, source: SchemaSource): SchemaObject => {
  const discriminator = schema['discriminator'];
  const keyword = 'oneOf' in schema ? 'oneOf' : 'anyOf';
  const branches = schema[keyword];
  if (!isObject(discriminator) || !Array.isArray(branches) || ('oneOf' in schema && 'anyOf' in schema))
    return closeTags(schema, source);
  const property = String(discriminator['propertyName']);
  const tags = branches.map((branch: JsonSchema) => tagsOf(branch, discriminator, source));
  const all = tags.flatMap((one) => one ?? []);
  if (tags.includes(undefined) || new Set(all).size < all.length) return closeTags(schema, source);
  const tagged = (values: readonly unknown[]): SchemaObject => ({
    type: 'object',
    required: [property],
    properties: fromEntries([[property, { enum: values }]]),
  });
  const { discriminator: _, [keyword]: __, allOf, ...rest } = schema;
  return {
    ...rest,
    allOf: [
      ...(Array.isArray(allOf) ? (allOf as JsonSchema[]) : []),
      tagged(all),
      ...branches.map((branch: JsonSchema, index) =>
        fromEntries([
          ['if', tagged(tags[index] ?? [])],
          ['then', branch],
        ]),
      ),
    ],
  };
};

const lastSegment = (target: string): string => target.split('/').at(-1) ?? target;

/** By the mapping, else the name of the schema. */
const mappedTags = (name: string, discriminator: SchemaObject): readonly string[] => {
  const mapping = isObject(discriminator['mapping']) ? Object.entries(discriminator['mapping']) : [];
  const mapped = mapping.filter(([, target]) => lastSegment(String(target)) === name).map(([tag]) => tag);
  return mapped.length > 0 ? mapped : [name];
};

const tagsOf = (
  branch: JsonSchema,
  discriminator: SchemaObject,
  source: SchemaSource,
): readonly unknown[] | undefined => {
  if (!isObject(branch)) return undefined;
  const stated = statedTags(branch, String(discriminator['propertyName']), source);
  if (stated !== undefined) return stated;
  return typeof branch['$ref'] === 'string' ? mappedTags(source.nameOf(branch['$ref']), discriminator) : undefined;
};

/** The values that a schema itself pins the property to. */
const statedTags = (
  schema: JsonSchema,
  property: string,
  source: SchemaSource,
  depth = 0,
): readonly unknown[] | undefined => {
  const resolved = source.resolve(schema);
  if (!isObject(resolved) || depth > 20) return undefined;
  const properties = resolved['properties'];
  if (isObject(properties) && Object.hasOwn(properties, property)) {
    const tag = source.resolve(properties[property] as JsonSchema);
    if (isObject(tag) && 'const' in tag) return [tag['const']];
    if (isObject(tag) && Array.isArray(tag['enum'])) return tag['enum'];
  }
  const parts = Array.isArray(resolved['allOf']) ? (resolved['allOf'] as JsonSchema[]) : [];
  for (const part of parts) {
    const stated = statedTags(part, property, source, depth + 1);
    if (stated !== undefined) return stated;
  }
  return undefined;
};
