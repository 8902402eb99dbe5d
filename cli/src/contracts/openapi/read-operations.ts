import type { BodyModel, HttpOperation, MediaTypeModel, ParameterModel } from '../../model/workspace.ts';
import { optional, textAt } from '../bundle/bundle.ts';
import type { Bundle, Fields, Part } from '../bundle/bundle.ts';
import { namesOf } from '../../model/names.ts';
import { methods } from './openapi-grammar.ts';
import { readResponses } from './read-responses.ts';
import { schemaPointerOf } from './schema-pointer.ts';

/** One operation where it stands, before it becomes part of the model. */
export interface OperationPlace {
  readonly method: HttpOperation['method'];
  readonly path: string;
  readonly part: Part;
  readonly pathItem: Part;
  /** Of the path item and of the operation; the operation's win. */
  readonly parameters: readonly Part[];
}

export const operationPlaces = (bundle: Bundle): readonly OperationPlace[] =>
  bundle.entries(bundle.document, 'paths').flatMap(([path, pathItem]) =>
    path.startsWith('/')
      ? methods.flatMap((method) => {
          const part = bundle.object(pathItem, method);
          return part ? [{ method, path, part, pathItem, parameters: parametersOf(bundle, pathItem, part) }] : [];
        })
      : [],
  );

const parametersOf = (bundle: Bundle, pathItem: Part, operation: Part): readonly Part[] => {
  const own = bundle.items(operation, 'parameters');
  const keys = new Set(own.map(parameterKey));
  return [...bundle.items(pathItem, 'parameters').filter((parameter) => !keys.has(parameterKey(parameter))), ...own];
};

/** Header names are the same whatever their case. */
export const parameterKey = ({ value }: Part): string => {
  const name = String(value['name']);
  return `${String(value['in'])} ${value['in'] === 'header' ? name.toLowerCase() : name}`;
};

export const readOperations = (bundle: Bundle): readonly HttpOperation[] =>
  operationPlaces(bundle).flatMap((place) => {
    const id = textAt(place.part.value, 'operationId');
    return id === undefined ? [] : [readOperation(bundle, place, id)];
  });

const readOperation = (
  bundle: Bundle,
  { method, path, part, parameters }: OperationPlace,
  id: string,
): HttpOperation => {
  const { value } = part;
  const all = parameters.flatMap((parameter) => readParameter(bundle, parameter) ?? []);
  const access = value['x-parkwise-access'];
  return {
    id,
    names: namesOf(id, 'operation'),
    method,
    path,
    pointer: part.pointer,
    ...optional('summary', textAt(value, 'summary')),
    ...optional('description', textAt(value, 'description')),
    deprecated: value['deprecated'] === true,
    public: value['x-parkwise-public'] === true,
    security: securityOf(bundle, value) ?? [],
    ...optional('access', access as HttpOperation['access']),
    parameters: all,
    ...optional('body', readBody(bundle, part)),
    responses: readResponses(bundle, part),
    ...optional('idempotencyKey', guard(all, 'idempotency-key')),
    ...optional('ifMatch', guard(all, 'if-match')),
    source: bundle.places.at(value),
  };
};

/** The operation's own requirements or those of the document; undefined when there are none. */
export const securityOf = (bundle: Bundle, operation: Fields): HttpOperation['security'] | undefined => {
  const security = Array.isArray(operation['security']) ? operation['security'] : bundle.root['security'];
  return Array.isArray(security) ? (security as HttpOperation['security']) : undefined;
};

const guard = (parameters: readonly ParameterModel[], header: string): 'required' | 'optional' | undefined => {
  const found = parameters.find((parameter) => parameter.in === 'header' && parameter.name.toLowerCase() === header);
  return found && (found.required ? 'required' : 'optional');
};

const defaultStyle = { path: 'simple', query: 'form', header: 'simple', cookie: 'form' } as const;

export const readParameter = (bundle: Bundle, part: Part): ParameterModel | undefined => {
  const { value, pointer } = part;
  const place = value['in'] as ParameterModel['in'];
  const content = bundle.entries(part, 'content')[0];
  const schemaPointer = content ? schemaPointerOf(content[1]) : schemaPointerOf({ value, pointer });
  if (!Object.hasOwn(defaultStyle, place) || schemaPointer === undefined) return undefined;
  const style = (textAt(value, 'style') ?? defaultStyle[place]) as ParameterModel['style'];
  return {
    name: textAt(value, 'name') ?? '',
    in: place,
    required: value['required'] === true,
    ...optional('description', textAt(value, 'description')),
    deprecated: value['deprecated'] === true,
    style,
    explode: typeof value['explode'] === 'boolean' ? value['explode'] : style === 'form',
    schemaPointer,
    json: content !== undefined,
    source: bundle.places.at(value),
  };
};

export const readContent = (bundle: Bundle, part: Part): readonly MediaTypeModel[] =>
  bundle
    .entries(part, 'content')
    .map(([mediaType, media]) => ({ mediaType, ...optional('schemaPointer', schemaPointerOf(media)) }));

const readBody = (bundle: Bundle, operation: Part): BodyModel | undefined => {
  const body = bundle.object(operation, 'requestBody');
  if (!body) return undefined;
  return {
    required: body.value['required'] === true,
    ...optional('description', textAt(body.value, 'description')),
    content: readContent(bundle, body),
    source: bundle.places.at(body.value),
  };
};

export const scopesOf = (flows: Part | undefined, bundle: Bundle): Readonly<Record<string, string>> => {
  const scopes: Record<string, string> = {};
  for (const name of flows ? Object.keys(flows.value) : []) {
    const found = flows && bundle.object(flows, name)?.value['scopes'];
    if (typeof found === 'object' && found !== null) Object.assign(scopes, found);
  }
  return scopes;
};
