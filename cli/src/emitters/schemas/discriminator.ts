import type { JsonSchema } from '../../model/workspace.ts';
import { isObject, type SchemaObject } from './json-schema.ts';
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
  const mapping = isObject(discriminator['mapping']) ? Object.entries(discriminator['mapping']) : [];
  const { discriminator: _, ...rest } = schema;
  const close = (branches: unknown): unknown =>
    Array.isArray(branches) ? branches.map((branch) => closeBranch(branch as JsonSchema)) : branches;
  const closeBranch = (branch: JsonSchema): JsonSchema => {
    if (!isObject(branch) || typeof branch['$ref'] !== 'string' || statesTag(branch, property, source)) return branch;
    const name = source.nameOf(branch['$ref']);
    const mapped = mapping.filter(([, target]) => lastSegment(String(target)) === name).map(([tag]) => tag);
    const tags = mapped.length > 0 ? mapped : [name];
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

const lastSegment = (target: string): string => target.split('/').at(-1) ?? target;

const statesTag = (schema: JsonSchema, property: string, source: SchemaSource, depth = 0): boolean => {
  const resolved = source.resolve(schema);
  if (!isObject(resolved) || depth > 20) return false;
  const properties = resolved['properties'];
  if (isObject(properties) && Object.hasOwn(properties, property)) {
    const tag = source.resolve(properties[property] as JsonSchema);
    if (isObject(tag) && ('const' in tag || 'enum' in tag)) return true;
  }
  const parts = Array.isArray(resolved['allOf']) ? (resolved['allOf'] as JsonSchema[]) : [];
  return parts.some((part) => statesTag(part, property, source, depth + 1));
};
