/**
 * `routes.ts`: the operations as the runtime runs them.
 *
 *   export const routes: readonly RouteDefinition[] = [
 *     {
 *       operationId: 'placeOrder',
 *       method: 'post',
 *       path: '/v1/orders',
 *       …
 *     },
 *   ];
 */
import { headerOption } from '../../model/names.ts';
import type { HttpContract, HttpOperation, ResponseModel } from '../../model/workspace.ts';
import type { OutputFile } from '../../output/output-file.ts';
import { code, renderSource } from '../../output/source-file.ts';
import { generatedHeader } from '../doc-comment.ts';
import { literal, raw, type Literal } from '../literal.ts';
import { runtimeType } from '../runtime-symbols.ts';
import { fromEntries } from '../schemas/json-schema.ts';
import type { Check, ValidatorSet } from '../validators/validator-set.ts';
import type { HttpSchemas } from './http-schemas.ts';
import { bodyKind } from './media-type.ts';
import {
  bodySchema,
  mediaWord,
  parametersIn,
  parametersSchema,
  places,
  statusNumber,
  statusWord,
  type Place,
} from './operation-view.ts';
import { valueShape } from './value-shape.ts';

export interface RoutesInput {
  readonly path: string;
  readonly contract: HttpContract;
  readonly schemas: HttpSchemas;
  readonly validators: ValidatorSet;
}

export const emitRoutes = (input: RoutesInput): OutputFile => {
  const { path, contract } = input;
  const routes = contract.operations.map((operation) => route(operation, input));
  const schemes = contract.securitySchemes.map((scheme): [string, Literal] => [
    scheme.name,
    scheme.kind === 'bearer' ? { kind: 'bearer' } : { kind: 'apiKey', in: scheme.in, name: scheme.parameter },
  ]);
  const body = code`export const securitySchemes: Readonly<Record<string, ${runtimeType('SecurityScheme')}>> = ${literal(fromEntries(schemes))};

export const routes: readonly ${runtimeType('RouteDefinition')}[] = ${literal(routes)};`;
  return { path, policy: 'regenerated', text: renderSource({ header: generatedHeader([contract.file]), body }) };
};

const route = (operation: HttpOperation, input: RoutesInput): Literal => {
  const { contract, schemas } = input;
  return {
    operationId: operation.id,
    method: operation.method,
    path: `${contract.basePath}${operation.path}`,
    security: operation.security.map((alternative) => fromEntries(Object.entries(alternative))),
    roles: operation.access?.roles,
    parameters: operation.parameters.map((parameter): Literal => ({
      name: parameter.name,
      in: parameter.in,
      required: parameter.required,
      style: parameter.style,
      explode: parameter.explode,
      shape: (parameter.json
        ? { kind: 'json' }
        : valueShape(schemas.at(parameter.schemaPointer), schemas.source)) as Literal,
    })),
    validate: parameterValidators(operation, input),
    body: requestBody(operation, input),
    responses: fromEntries(
      operation.responses.map((response) => [
        response.status.toUpperCase() === 'DEFAULT' ? 'default' : response.status,
        answer(response, operation, input),
      ]),
    ),
    replies: fromEntries(operation.responses.flatMap((response) => replies(response))),
    idempotencyKey: operation.idempotencyKey,
    ifMatch: operation.ifMatch,
  };
};

const checkOf = (schemas: HttpSchemas, side: 'request' | 'answer'): Check => ({
  source: schemas.source,
  document: 'http',
  hides: side === 'request' ? 'readOnly' : 'writeOnly',
});

const parameterValidators = (operation: HttpOperation, { schemas, validators }: RoutesInput): Literal =>
  fromEntries(
    (Object.keys(places) as Place[]).flatMap((place): [string, Literal][] => {
      const parameters = parametersIn(operation, place);
      if (parameters.length === 0) return [];
      const wish = `${operation.names.camel}${places[place].charAt(0).toUpperCase()}${places[place].slice(1)}`;
      const schema = parametersSchema(parameters, schemas, false);
      return [[places[place], raw(validators.add(wish, schema, checkOf(schemas, 'request')))]];
    }),
  );

const requestBody = (operation: HttpOperation, { schemas, validators }: RoutesInput): Literal => {
  if (operation.body === undefined) return undefined;
  const content = operation.body.content.map((media): [string, Literal] => {
    const schema = bodySchema(media, schemas);
    const wish = `${operation.names.camel}Body${mediaWord(media.mediaType)}`;
    return [
      media.mediaType,
      {
        validate: raw(
          schema === undefined ? validators.anything : validators.add(wish, schema, checkOf(schemas, 'request')),
        ),
        shape:
          bodyKind(media.mediaType) === 'form' && schema !== undefined
            ? (valueShape(schema, schemas.source) as Literal)
            : undefined,
      },
    ];
  });
  return { required: operation.body.required, content: fromEntries(content) };
};

const answer = (response: ResponseModel, operation: HttpOperation, { schemas, validators }: RoutesInput): Literal => {
  const stem = `${operation.names.camel}${statusWord(response)}`;
  const check = checkOf(schemas, 'answer');
  const headers = response.headers.map((header): [string, Literal] => {
    const schema = header.schemaPointer === undefined ? undefined : schemas.at(header.schemaPointer);
    const option = headerOption(header.name);
    const wish = `${stem}${option.charAt(0).toUpperCase()}${option.slice(1)}Header`;
    return [
      header.name.toLowerCase(),
      {
        required: header.required,
        shape: (schema === undefined
          ? { kind: 'scalar', types: ['string'] }
          : valueShape(schema, schemas.source)) as Literal,
        validate: schema === undefined ? undefined : raw(validators.add(wish, schema, check)),
      },
    ];
  });
  const content = response.content.map((media): [string, Literal] => {
    const schema = bodySchema(media, schemas);
    const wish = `${stem}${mediaWord(media.mediaType)}`;
    return [
      media.mediaType,
      { validate: raw(schema === undefined ? validators.anything : validators.add(wish, schema, check)) },
    ];
  });
  return { headers: fromEntries(headers), content: fromEntries(content) };
};

const replies = (response: ResponseModel): [string, Literal][] => {
  const options = response.headers.map((header): [string, Literal] => [headerOption(header.name), header.name]);
  return response.replies.map((reply) => [
    reply.name,
    {
      status: statusNumber(response.status),
      contentType: reply.mediaType,
      headers: options.length === 0 ? undefined : fromEntries(options),
      problem: reply.problem === undefined ? undefined : { type: reply.problem.type, title: reply.problem.title },
    },
  ]);
};
