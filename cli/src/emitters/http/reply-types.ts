import { headerOption } from '../../model/names.ts';
import type { HttpContract, HttpOperation, JsonSchema, ReplyModel, ResponseModel } from '../../model/workspace.ts';
import { code, joined, type Code } from '../../output/source-file.ts';
import type { TypePrinter } from '../types/type-printer.ts';
import { docComment } from '../doc-comment.ts';
import { property } from '../literal.ts';
import { runtimeType } from '../runtime-symbols.ts';
import { fromEntries, isObject } from '../schemas/json-schema.ts';
import { bodyType } from './body-type.ts';
import type { HttpSchemas } from './http-schemas.ts';
import type { ProblemDetailsTypes } from './problem-details.ts';
import { statusNumber } from './operation-view.ts';

/** An operation, and what it is printed with. */
export interface OperationInput {
  readonly operation: HttpOperation;
  readonly contract: HttpContract;
  readonly schemas: HttpSchemas;
  readonly types: TypePrinter;
  readonly details: ProblemDetailsTypes;
}

/**
 * The constructors of one operation's answers:
 *
 *   created(body: Order, headers: { location: string }): Reply<201, Order>;
 */
export const printReplies = (input: OperationInput): Code => {
  const { operation } = input;
  const constructors = operation.responses.flatMap((response) =>
    response.replies.map((reply) => printConstructor(response, reply, input)),
  );
  const notWritten = code`/** The answer as long as the handler is not written. */\nnotImplemented(): ${runtimeType('NotImplemented')};`;
  return code`export interface ${operation.names.pascal}Replies {\n${joined([...constructors, notWritten], '\n')}\n}`;
};

const printConstructor = (response: ResponseModel, reply: ReplyModel, input: OperationInput): Code => {
  const body = answerType(response, reply, input);
  const range = statusNumber(response.status) < 100;
  const status = range ? 'number' : response.status;
  const argument = reply.problem === undefined ? bodyArgument(body) : problemArgument(response, reply, input);
  const headers = headersArgument(response, input);
  const parameters = [range ? { text: 'status: number', optional: false } : undefined, argument, headers].filter(
    (parameter) => parameter !== undefined,
  );
  // An optional argument before a required one can be left out only as `undefined`.
  const lastRequired = parameters.findLastIndex((parameter) => !parameter.optional);
  const texts = parameters.map(({ text, optional }, index) => {
    const [name = '', type = ''] = split(text);
    if (!optional) return `${name}: ${type}`;
    return index < lastRequired ? `${name}: ${type} | undefined` : `${name}?: ${type}`;
  });
  const title = reply.problem === undefined ? undefined : `${reply.problem.title}: \`${reply.problem.type}\``;
  const doc = docComment(`${response.status}. ${response.description}`, title);
  return code`${doc}${property(reply.name)}(${texts.join(', ')}): ${runtimeType('Reply')}<${status}, ${body ?? 'undefined'}>;`;
};

const split = (parameter: string): [string, string] => {
  const at = parameter.indexOf(': ');
  return [parameter.slice(0, at), parameter.slice(at + 2)];
};

interface Argument {
  readonly text: string;
  readonly optional: boolean;
}

const answerType = (
  response: ResponseModel,
  reply: ReplyModel,
  { schemas, types }: OperationInput,
): string | undefined => {
  const media = response.content.find((one) => one.mediaType === reply.mediaType);
  return media === undefined ? undefined : bodyType(media, 'answer', schemas, types);
};

const bodyArgument = (type: string | undefined): Argument | undefined =>
  type === undefined ? undefined : { text: `body: ${type}`, optional: false };

const problemArgument = (response: ResponseModel, reply: ReplyModel, { details }: OperationInput): Argument => {
  const { name, required } = details.of(response, reply);
  return { text: `problem: ${name}`, optional: !required };
};

const headersArgument = (response: ResponseModel, { schemas, types }: OperationInput): Argument | undefined => {
  if (response.headers.length === 0) return undefined;
  const properties = response.headers.map((header): [string, JsonSchema] => {
    const schema = header.schemaPointer === undefined ? { type: 'string' } : schemas.at(header.schemaPointer);
    const note = header.description === undefined ? {} : { description: header.description };
    return [headerOption(header.name), isObject(schema) ? { ...schema, ...note } : { ...note, type: 'string' }];
  });
  const required = response.headers.filter((header) => header.required).map((header) => headerOption(header.name));
  const type = types.print(schemas.typeOf({ type: 'object', properties: fromEntries(properties), required }, 'answer'));
  return { text: `headers: ${type}`, optional: required.length === 0 };
};
