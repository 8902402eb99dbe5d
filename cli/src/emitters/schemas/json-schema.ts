import type { JsonSchema } from '../../model/workspace.ts';

export type SchemaObject = { readonly [keyword: string]: unknown };

export const isObject = (value: unknown): value is SchemaObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isSchema = (value: unknown): value is JsonSchema => typeof value === 'boolean' || isObject(value);

/** Keywords whose value is a schema, a list of schemas, or schemas by name. */
export const singleSchema = [
  'items',
  'additionalItems',
  'additionalProperties',
  'unevaluatedProperties',
  'unevaluatedItems',
  'contains',
  'propertyNames',
  'not',
  'if',
  'then',
  'else',
] as const;
export const schemaList = ['allOf', 'anyOf', 'oneOf', 'prefixItems'] as const;
export const schemasByName = ['properties', 'patternProperties', 'dependentSchemas', '$defs', 'definitions'] as const;

const singles = new Set<string>(singleSchema);
const lists = new Set<string>(schemaList);
const maps = new Set<string>(schemasByName);

/** Entries as an object; unlike assignment this also carries a name such as `__proto__`. */
export const fromEntries = <T>(entries: Iterable<readonly [string, T]>): Record<string, T> =>
  Object.fromEntries(entries) as Record<string, T>;

/** The same schema with every direct subschema replaced. */
export const mapSubschemas = (
  schema: SchemaObject,
  visit: (subschema: JsonSchema, keyword: string, name: string) => JsonSchema,
): SchemaObject =>
  fromEntries(
    Object.entries(schema).map(([keyword, value]) => {
      if (singles.has(keyword) && isSchema(value)) return [keyword, visit(value, keyword, '')];
      if ((lists.has(keyword) || keyword === 'items') && Array.isArray(value)) {
        return [keyword, value.map((part, index) => (isSchema(part) ? visit(part, keyword, String(index)) : part))];
      }
      if (maps.has(keyword) && isObject(value)) {
        return [
          keyword,
          fromEntries(
            Object.entries(value).map(([name, part]) => [name, isSchema(part) ? visit(part, keyword, name) : part]),
          ),
        ];
      }
      return [keyword, value];
    }),
  );

/** Every direct subschema, with the keyword it stands under. */
export const subschemas = (schema: SchemaObject): (readonly [JsonSchema, string])[] => {
  const found: (readonly [JsonSchema, string])[] = [];
  mapSubschemas(schema, (part, keyword) => {
    found.push([part, keyword]);
    return part;
  });
  return found;
};

const unescape = (token: string): string => token.replaceAll('~1', '/').replaceAll('~0', '~');

/** Tokens of an RFC 6901 pointer, with or without `#` before it. */
export const pointerTokens = (pointer: string): string[] => {
  const plain = pointer.startsWith('#') ? decodeURIComponent(pointer.slice(1)) : pointer;
  return plain === '' ? [] : plain.slice(1).split('/').map(unescape);
};

/** What stands at a pointer; undefined where nothing does. */
export const valueAt = (root: unknown, pointer: string): unknown =>
  pointerTokens(pointer).reduce<unknown>(
    (value, token) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, token)
        ? (value as Record<string, unknown>)[token]
        : undefined,
    root,
  );
