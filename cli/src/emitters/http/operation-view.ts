import type {
  HttpOperation,
  JsonSchema,
  MediaTypeModel,
  ParameterModel,
  ResponseModel,
} from '../../model/workspace.ts';
import { fromEntries, isObject } from '../schemas/json-schema.ts';
import { pascalName } from '../identifiers.ts';
import { bodyKind } from './media-type.ts';
import type { HttpSchemas } from './http-schemas.ts';

/** Parts of an operation in the form that several emitters need. */

export type Place = ParameterModel['in'];

/** Names under which the places stand in a request and in `validate`. */
export const places = { path: 'path', query: 'query', header: 'headers', cookie: 'cookies' } as const satisfies Record<
  Place,
  string
>;

export const parametersIn = (operation: HttpOperation, place: Place): readonly ParameterModel[] =>
  operation.parameters.filter((parameter) => parameter.in === place);

/** Keyword of a schema made here: values of parameters that the caller leaves out. */
export const defaultsKeyword = 'x-parkwise-defaults';

/**
 * All parameters of a place as one object, the way a handler receives it. A parameter with a default is always there for the handler
 * (`filled`); for a caller it is optional.
 */
export const parametersSchema = (
  parameters: readonly ParameterModel[],
  schemas: HttpSchemas,
  filled: boolean,
): JsonSchema => {
  const defaults: Record<string, unknown> = {};
  const properties = parameters.map((parameter): [string, JsonSchema] => {
    const schema = schemas.at(parameter.schemaPointer);
    const resolved = schemas.source.resolve(schema);
    if (!parameter.required && isObject(resolved) && 'default' in resolved) {
      Object.defineProperty(defaults, parameter.name, { value: resolved['default'], enumerable: true });
    }
    return [parameter.name, described(schema, parameter)];
  });
  return {
    type: 'object',
    properties: fromEntries(properties),
    required: parameters
      .filter(({ name, required }) => required || (filled && Object.hasOwn(defaults, name)))
      .map(({ name }) => name),
    ...(parameters[0]?.in === 'query' ? { additionalProperties: false } : {}),
    [defaultsKeyword]: defaults,
  };
};

/** The parameter's own description says more than the one of the type that it shares with others. */
const described = (schema: JsonSchema, parameter: ParameterModel): JsonSchema => {
  const notes = {
    ...(parameter.description === undefined ? {} : { description: parameter.description }),
    ...(parameter.deprecated ? { deprecated: true } : {}),
  };
  if (Object.keys(notes).length === 0) return schema;
  if (schema === true) return notes;
  return isObject(schema) ? { ...schema, ...notes } : schema;
};

/** Schema of a body as it is checked; `undefined` where bytes are handed on, or the contract says nothing. */
export const bodySchema = (media: MediaTypeModel, schemas: HttpSchemas): JsonSchema | undefined => {
  if (bodyKind(media.mediaType) === 'binary' || media.schemaPointer === undefined) return undefined;
  return schemas.at(media.schemaPointer);
};

/** Type of a body that the contract describes by its media type alone. */
export const untypedBody = (mediaType: string): string => {
  const kind = bodyKind(mediaType);
  if (kind === 'binary') return 'Uint8Array';
  if (kind === 'text') return 'string';
  return kind === 'form' ? 'Readonly<Record<string, string>>' : 'unknown';
};

/** Part of a name that stands for a status: `201` → `201`, `4XX` → `4xx`, `default` → `Default`. */
export const statusWord = (response: ResponseModel): string =>
  response.status === 'default' ? 'Default' : response.status.toLowerCase();

/** Part of a name that stands for a media type, empty for plain JSON. */
export const mediaWord = (mediaType: string): string =>
  mediaType === 'application/json' || mediaType === 'application/problem+json'
    ? ''
    : pascalName((mediaType.split(';')[0] ?? '').split('/')[1] ?? 'body').replaceAll('*', 'Any');

/** What the runtime takes for a status: ranges and `default` are below 100, and then the handler says which. */
export const statusNumber = (status: string): number => {
  if (status === 'default') return 0;
  return /^[1-5]XX$/i.test(status) ? Number(status[0]) : Number(status);
};
