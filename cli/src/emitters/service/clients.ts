/**
 * `clients.ts`: the operations of other services that this one calls, with the fields of their answers that it reads.
 *
 *   export interface Stock {
 *     /** Reads what is left. `GET /v1/items/{itemId}` *␣/
 *     getItem(request: GetItemRequest): Promise<GetItemAnswer>;
 *   }
 *
 *   export type GetItemAnswer = { readonly status: 200; readonly body: Item } | … | Unavailable;
 */
import { pascalCase } from '../../model/names.ts';
import type { Call, Service, Workspace } from '../../model/workspace.ts';
import type { OutputFile } from '../../output/output-file.ts';
import { code, joined, renderSource, type Code } from '../../output/source-file.ts';
import { docComment, generatedHeader } from '../doc-comment.ts';
import { httpSchemas, type HttpSchemas } from '../http/http-schemas.ts';
import { bodyKind } from '../http/media-type.ts';
import { parametersIn, parametersSchema, places, statusWord, untypedBody, type Place } from '../http/operation-view.ts';
import { statusType } from '../http/status-type.ts';
import { literal, property, raw, type Literal } from '../literal.ts';
import { runtimeType } from '../runtime-symbols.ts';
import { fromEntries, isObject } from '../schemas/json-schema.ts';
import { narrow } from '../schemas/narrow.ts';
import { typeLibrary, type TypeLibrary, type TypeView } from '../types/type-library.ts';
import type { ValidatorSet } from '../validators/validator-set.ts';

export interface CalledService {
  readonly name: string;
  readonly camel: string;
  readonly pascal: string;
  readonly calls: readonly Call[];
}

/** The called services of a service, each once. */
export const calledServices = (service: Service, workspace: Workspace): readonly CalledService[] =>
  [...new Set(service.calls.map((call) => call.service))].map((name) => {
    const names = workspace.services.find((one) => one.name === name)?.names;
    const pascal = names?.pascal ?? pascalCase(name);
    return {
      name,
      camel: names?.camel ?? `${pascal.charAt(0).toLowerCase()}${pascal.slice(1)}`,
      pascal,
      calls: service.calls.filter((call) => call.service === name),
    };
  });

interface Input {
  readonly path: string;
  readonly called: readonly CalledService[];
  readonly validators: ValidatorSet;
}

export const emitClients = ({ path, called, validators }: Input): OutputFile => {
  const reserved = called.flatMap(({ pascal, calls }) => [
    pascal,
    ...calls.flatMap(({ operation }) => [`${operation.names.pascal}Request`, `${operation.names.pascal}Answer`]),
  ]);
  const library = typeLibrary(['Clients', 'Unavailable', 'ClientDefinition', ...reserved]);
  const repeated = repeatedNames(called);
  const bodies: Code[] = [];
  const tables: [string, Literal][] = [];
  for (const service of called) {
    const contract = service.calls[0]?.contract;
    if (contract === undefined) continue;
    const schemas = httpSchemas(contract);
    const context: Context = {
      service,
      schemas,
      library,
      validators,
      stem: (name) => (repeated.has(name) ? `${service.pascal}${name}` : name),
    };
    bodies.push(
      printInterface(context),
      ...service.calls.flatMap((call) => [printRequest(call, context), printAnswer(call, context)]),
    );
    tables.push([
      service.camel,
      {
        service: service.name,
        basePath: contract.basePath,
        operations: fromEntries(service.calls.map((call) => [call.operation.names.camel, definition(call, context)])),
      },
    ]);
  }
  const members = called.map(({ camel, pascal }) => code`readonly ${property(camel)}: ${pascal};`);
  const body = joined([
    code`/** What the composition root is given for each called service. */\nexport interface Clients {\n${joined(members, '\n')}\n}`,
    ...bodies,
    ...library.declarations().map((text) => [text]),
    code`export const clients: Readonly<Record<string, ${runtimeType('ClientDefinition')}>> = ${literal(fromEntries(tables))};`,
  ]);
  const sources = called.flatMap(({ calls }) => calls[0]?.contract.file ?? []);
  return { path, policy: 'regenerated', text: renderSource({ header: generatedHeader([...new Set(sources)]), body }) };
};

interface Context {
  readonly service: CalledService;
  readonly schemas: HttpSchemas;
  readonly library: TypeLibrary;
  readonly validators: ValidatorSet;
  /** Name of an operation's types: with the service's before it where two services have an operation of that name. */
  readonly stem: (name: string) => string;
}

const repeatedNames = (called: readonly CalledService[]): Set<string> => {
  const all = called.flatMap(({ calls }) => calls.map(({ operation }) => operation.names.pascal));
  return new Set(all.filter((name, index) => all.indexOf(name) !== index));
};

const requestView = ({ service, schemas }: Context): TypeView => ({
  id: `${service.name} request`,
  source: schemas.source,
  hides: 'readOnly',
  open: false,
  prefix: service.pascal,
});

const answerView = ({ service, schemas }: Context): TypeView => ({
  id: `${service.name} answer`,
  source: schemas.source,
  hides: 'writeOnly',
  open: true,
  prefix: service.pascal,
});

const printInterface = ({ service, stem }: Context): Code => {
  const members = service.calls.map(({ operation, contract }) => {
    const route = `\`${operation.method.toUpperCase()} ${contract.basePath}${operation.path}\``;
    const doc = docComment(operation.summary, route, operation.deprecated ? '@deprecated' : undefined);
    const name = stem(operation.names.pascal);
    return code`${doc}${property(operation.names.camel)}(request: ${name}Request): Promise<${name}Answer>;`;
  });
  return code`/** Operations of \`${service.name}\` that this service calls. */\nexport interface ${service.pascal} {\n${joined(members, '\n')}\n}`;
};

const printRequest = ({ operation }: Call, context: Context): Code => {
  const { schemas, library, stem } = context;
  const view = requestView(context);
  const members = (Object.keys(places) as Place[]).flatMap((place) => {
    const parameters = parametersIn(operation, place);
    if (parameters.length === 0) return [];
    const optional = parameters.every((parameter) => !parameter.required);
    return [
      `readonly ${places[place]}${optional ? '?' : ''}: ${library.print(parametersSchema(parameters, schemas, false), view)};`,
    ];
  });
  const bodies = operation.body?.content ?? [];
  const required = operation.body?.required === true;
  const typeOf = (mediaType: string, pointer: string | undefined): string =>
    pointer === undefined || bodyKind(mediaType) === 'binary'
      ? untypedBody(mediaType)
      : library.print(schemas.at(pointer), view);
  if (bodies.length > 0) {
    const types = bodies.map(({ mediaType, schemaPointer }) => typeOf(mediaType, schemaPointer));
    members.push(`readonly body${required ? '' : '?'}: ${[...new Set(types)].join(' | ')};`);
  }
  if (bodies.length > 1 || (bodies[0] !== undefined && bodyKind(bodies[0].mediaType) !== 'json')) {
    members.push(`readonly contentType: ${bodies.map(({ mediaType }) => `'${mediaType}'`).join(' | ')};`);
  }
  members.push('/** Ends the call early. */\nreadonly signal?: AbortSignal;');
  return code`export interface ${stem(operation.names.pascal)}Request {\n${members.join('\n')}\n}`;
};

const printAnswer = (call: Call, context: Context): Code => {
  const { operation } = call;
  const declared = operation.responses.map(({ status }) => status);
  const alternatives = operation.responses.map((response) => {
    const schema = answerSchema(response, context);
    const body = schema === undefined ? 'undefined' : answerType(schema, response.status, { call, context });
    return `{ readonly status: ${statusType(response.status, declared)}; readonly body: ${body}; readonly headers?: Readonly<Record<string, string>> }`;
  });
  return code`export type ${context.stem(operation.names.pascal)}Answer =${alternatives.map((one) => `\n| ${one}`).join('')}\n| ${runtimeType('Unavailable')};`;
};

/** A narrowed body is declared under the name of the component that it is a part of. */
const answerType = (
  schema: ReturnType<HttpSchemas['at']>,
  status: string,
  { call, context }: { call: Call; context: Context },
): string => {
  const { schemas, library, stem } = context;
  const view = answerView(context);
  if (call.reads === undefined || !isSuccess(status)) return library.print(schema, view);
  const component =
    isObject(schema) && typeof schema['$ref'] === 'string'
      ? pascalCase(schemas.source.nameOf(schema['$ref']))
      : undefined;
  const name = stem(call.operation.names.pascal);
  const doc = 'Only the fields that the workspace declares as read.';
  const narrowed = schemas.source.resolve(narrow(schema, call.reads, schemas.source));
  return library.declare(
    [...(component === undefined ? [] : [component]), `${name}Body`, `${name}Body${status}`],
    narrowed,
    { view, doc },
  );
};

const isSuccess = (status: string): boolean => status.startsWith('2');

const answerSchema = (
  response: Call['operation']['responses'][number],
  { schemas }: Context,
): ReturnType<HttpSchemas['at']> | undefined => {
  const media = response.content.find(({ mediaType }) => bodyKind(mediaType) === 'json') ?? response.content[0];
  if (media === undefined) return undefined;
  return media.schemaPointer === undefined || bodyKind(media.mediaType) === 'binary'
    ? true
    : schemas.at(media.schemaPointer);
};

const definition = (call: Call, context: Context): Literal => {
  const { operation } = call;
  const { schemas, validators, service } = context;
  const check = { source: schemas.source, document: service.name, hides: 'writeOnly', open: true } as const;
  const validate = operation.responses.flatMap((response): [string, Literal][] => {
    const schema = answerSchema(response, context);
    if (schema === undefined) return [];
    const read =
      call.reads !== undefined && isSuccess(response.status) ? narrow(schema, call.reads, schemas.source) : schema;
    const wish = `${service.camel}${operation.names.pascal}${statusWord(response)}`;
    return [[response.status, raw(validators.add(wish, read, check))]];
  });
  return {
    method: operation.method,
    path: operation.path,
    scopes: [
      ...new Set(
        operation.security.flatMap((alternative, index) => (index === 0 ? Object.values(alternative).flat() : [])),
      ),
    ],
    timeoutMs: call.timeoutMs,
    retries: call.retries,
    validate: fromEntries(validate),
    reads: call.reads,
  };
};
