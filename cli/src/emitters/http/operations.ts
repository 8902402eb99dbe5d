/**
 * `operations.ts`: what a handler of each operation receives and may answer.
 *
 *   /** Places an order. `POST /v1/orders` *␣/
 *   export type PlaceOrder = (request: PlaceOrderRequest) => Promise<PlaceOrderReply>;
 *
 *   export interface PlaceOrderRequest extends RequestContext {
 *     readonly body: NewOrder;
 *     readonly auth: Auth;
 *     readonly reply: PlaceOrderReplies;
 *   }
 *
 *   export interface PlaceOrderReplies {
 *     created(body: Order, headers: { location: string }): Reply<201, Order>;
 *     outOfStock(problem?: ProblemDetails): Reply<409, Problem>;
 *     notImplemented(): NotImplemented;
 *   }
 *
 *   export type PlaceOrderReply = ReturnType<PlaceOrderReplies[keyof PlaceOrderReplies]>;
 */
import type { HttpContract, HttpOperation } from '../../model/workspace.ts';
import type { OutputFile } from '../../output/output-file.ts';
import { code, importType, joined, renderSource, type Code } from '../../output/source-file.ts';
import { docComment, generatedHeader } from '../doc-comment.ts';
import { runtimeType } from '../runtime-symbols.ts';
import { typePrinter, type TypePrinter } from '../types/type-printer.ts';
import { schemaAliases } from '../types/schema-aliases.ts';
import { bodyType } from './body-type.ts';
import type { HttpSchemas } from './http-schemas.ts';
import { parametersIn, parametersSchema, places, type Place } from './operation-view.ts';
import { problemDetails } from './problem-details.ts';
import { printReplies, type OperationInput } from './reply-types.ts';

export interface OperationsInput {
  readonly path: string;
  readonly contract: HttpContract;
  readonly schemas: HttpSchemas;
}

export const emitOperations = ({ path, contract, schemas }: OperationsInput): OutputFile => {
  const declared = contract.operations.flatMap(({ names }) => namesFor(names.pascal));
  const document = schemas.document();
  const aliases = schemaAliases(document, [...declared, ...ownNames]);
  const types = typePrinter(document, aliases.reference);
  const details = problemDetails({ contract, schemas, types, taken: [...declared, ...ownNames] });
  const operations = contract.operations.map((operation) =>
    printOperation({ operation, contract, schemas, types, details }),
  );
  const body = joined([
    ...aliases.declarations(importType('components', './openapi.ts')),
    ...details.declarations().map((text) => [text]),
    ...operations,
    ...(types.footer() === '' ? [] : [[types.footer()]]),
  ]);
  return {
    path,
    policy: 'regenerated',
    text: renderSource({ header: generatedHeader([contract.file]), body }),
  };
};

const namesFor = (pascal: string): string[] => ['', 'Request', 'Replies', 'Reply'].map((end) => `${pascal}${end}`);
const ownNames = [
  'Auth',
  'NotImplemented',
  'ProblemDetails',
  'Reply',
  'RequestContext',
  'Schemas',
  'WithRequired',
  'components',
];

const printOperation = (input: OperationInput): Code => {
  const { operation, contract } = input;
  const { pascal } = operation.names;
  const route = `\`${operation.method.toUpperCase()} ${contract.basePath}${operation.path}\``;
  const doc = docComment(
    operation.summary,
    operation.description,
    route,
    operation.deprecated ? '@deprecated' : undefined,
  );
  return joined([
    code`${doc}export type ${pascal} = (request: ${pascal}Request) => Promise<${pascal}Reply>;`,
    printRequest(input),
    printReplies(input),
    code`export type ${pascal}Reply = ReturnType<${pascal}Replies[keyof ${pascal}Replies]>;`,
  ]);
};

const printRequest = ({ operation, schemas, types }: OperationInput): Code => {
  const { pascal } = operation.names;
  const context = runtimeType('RequestContext');
  const members: Code[] = (Object.keys(places) as Place[]).flatMap((place) => {
    const parameters = parametersIn(operation, place);
    if (parameters.length === 0) return [];
    return [
      code`readonly ${places[place]}: ${types.print(schemas.typeOf(parametersSchema(parameters, schemas, true), 'request'))};`,
    ];
  });
  const bodies = bodyTypes(operation, schemas, types);
  const [only] = bodies;
  if (only !== undefined && bodies.length === 1) {
    const doc = docComment(operation.body?.description);
    members.push(code`${doc}readonly body: ${only.type}${operation.body?.required === true ? '' : ' | undefined'};`);
  }
  if (operation.security.length > 0) {
    const open = operation.security.some((alternative) => Object.keys(alternative).length === 0);
    members.push(code`readonly auth: ${runtimeType('Auth')}${open ? ' | undefined' : ''};`);
  }
  members.push(code`readonly reply: ${pascal}Replies;`);
  const shape = code`{\n${joined(members, '\n')}\n}`;
  if (bodies.length < 2) return code`export interface ${pascal}Request extends ${context} ${shape}`;
  const alternatives = bodies.map(
    ({ mediaType, type }) => `{ readonly contentType: '${mediaType}'; readonly body: ${type} }`,
  );
  if (operation.body?.required !== true)
    alternatives.push('{ readonly contentType: undefined; readonly body: undefined }');
  return code`export type ${pascal}Request = ${context} & ${shape} & (${alternatives.map((one) => `\n| ${one}`).join('')}\n);`;
};

const bodyTypes = (
  operation: HttpOperation,
  schemas: HttpSchemas,
  types: TypePrinter,
): { mediaType: string; type: string }[] =>
  (operation.body?.content ?? []).map((media) => ({
    mediaType: media.mediaType,
    type: bodyType(media, 'request', schemas, types),
  }));
