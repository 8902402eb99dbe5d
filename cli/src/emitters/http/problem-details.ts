import type { HttpContract, JsonSchema, ReplyModel, ResponseModel } from '../../model/workspace.ts';
import { pascalName } from '../identifiers.ts';
import { fromEntries, isObject } from '../schemas/json-schema.ts';
import { nameRegistry } from '../types/name-registry.ts';
import type { TypePrinter } from '../types/type-printer.ts';
import type { HttpSchemas } from './http-schemas.ts';

/**
 * What a handler adds to a problem (RFC 9457): type, title and status are filled in by the constructor.
 *
 *   export interface ProblemDetails { detail?: string; instance?: string }
 */
export interface ProblemDetailsTypes {
  of(response: ResponseModel, reply: ReplyModel): { readonly name: string; readonly required: boolean };
  declarations(): readonly string[];
}

interface Input {
  readonly contract: HttpContract;
  readonly schemas: HttpSchemas;
  readonly types: TypePrinter;
  readonly taken: readonly string[];
}

const filledIn = ['type', 'title', 'status'];
const commonMembers: readonly [string, JsonSchema][] = [
  ['detail', { type: 'string' }],
  ['instance', { type: 'string' }],
];

export const problemDetails = ({ contract, schemas, types, taken }: Input): ProblemDetailsTypes => {
  const shapes = new Map<string, { count: number; name: string; text: string; required: boolean }>();
  const shapeOf = (response: ResponseModel, reply: ReplyModel): JsonSchema => {
    const media = response.content.find(({ mediaType }) => mediaType === reply.mediaType);
    const schema = media?.schemaPointer === undefined ? true : schemas.at(media.schemaPointer);
    const { properties, required, closed } = members(schema, reply.problem?.type, schemas);
    const kept = [...properties].filter(([name]) => !filledIn.includes(name));
    // RFC 9457 knows these two of every problem; a schema that is not closed lets them pass.
    const common = closed ? [] : commonMembers.filter(([name]) => !properties.has(name));
    const own = fromEntries([...kept, ...common]);
    return {
      type: 'object',
      properties: own,
      required: [...required].filter((name) => Object.hasOwn(own, name)),
      ...(Object.keys(own).length === 0 ? { additionalProperties: false } : {}),
    };
  };
  const key = (schema: JsonSchema): string => JSON.stringify(schema);

  for (const response of contract.operations.flatMap((operation) => operation.responses)) {
    for (const reply of response.replies.filter(({ problem }) => problem !== undefined)) {
      const schema = shapeOf(response, reply);
      const known = shapes.get(key(schema));
      if (known) known.count += 1;
      else {
        const required = isObject(schema) && (schema['required'] as string[]).length > 0;
        shapes.set(key(schema), { count: 1, name: pascalName(`${reply.name}Details`), text: '', required });
      }
    }
  }
  const names = nameRegistry(taken);
  const ordered = [...shapes].toSorted(([, a], [, b]) => b.count - a.count);
  for (const [index, [text, shape]] of ordered.entries()) {
    shape.name = index === 0 && !shape.required ? 'ProblemDetails' : names.take(shape.name);
    shape.text = types.declare(shape.name, schemas.typeOf(JSON.parse(text) as JsonSchema, 'answer'));
  }
  return {
    of: (response, reply) => {
      const shape = shapes.get(key(shapeOf(response, reply)));
      if (!shape) throw new Error(`no problem type ${reply.name}`);
      return shape;
    },
    declarations: () =>
      ordered.map(
        ([, { text }]) => `/** What a handler may add to a problem; type, title and status are filled in. */\n${text}`,
      ),
  };
};

/** All members that a problem of the type has: its own, those it is combined with, and of alternatives the one for the type. */
const members = (
  schema: JsonSchema,
  type: string | undefined,
  schemas: HttpSchemas,
): { properties: Map<string, JsonSchema>; required: Set<string>; closed: boolean } => {
  const resolved = schemas.source.resolve(schema);
  const properties = new Map<string, JsonSchema>();
  const required = new Set<string>();
  if (!isObject(resolved)) return { properties, required, closed: false };
  let closed = resolved['additionalProperties'] === false || resolved['unevaluatedProperties'] === false;
  const parts = ['allOf', 'anyOf', 'oneOf'].flatMap((keyword) => {
    const branches = Array.isArray(resolved[keyword]) ? (resolved[keyword] as JsonSchema[]) : [];
    return keyword === 'allOf' ? branches : branches.filter((branch) => mayBe(branch, type, schemas)).slice(0, 1);
  });
  for (const part of parts) {
    const inner = members(part, type, schemas);
    for (const [name, property] of inner.properties) properties.set(name, property);
    for (const name of inner.required) required.add(name);
    closed ||= inner.closed;
  }
  if (isObject(resolved['properties'])) {
    for (const [name, property] of Object.entries(resolved['properties'])) properties.set(name, property as JsonSchema);
  }
  if (Array.isArray(resolved['required'])) for (const name of resolved['required']) required.add(String(name));
  return { properties, required, closed };
};

const mayBe = (branch: JsonSchema, type: string | undefined, schemas: HttpSchemas): boolean => {
  const property = members(branch, type, schemas).properties.get('type');
  const resolved = property === undefined ? true : schemas.source.resolve(property);
  if (!isObject(resolved)) return true;
  if ('const' in resolved) return resolved['const'] === type;
  return !Array.isArray(resolved['enum']) || resolved['enum'].includes(type);
};
