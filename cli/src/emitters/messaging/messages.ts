/**
 * Parts of `messages.ts`, which the template `templates/asyncapi` lays out:
 *
 *   export interface OrderPlaced { orderId: string; … }
 *
 *   export interface Publish {
 *     readonly orderPlaced: PublishMessage<OrderPlaced, [about: { readonly key: string }]>;
 *   }
 *
 *   export type OnPaymentReceived = MessageHandler<PaymentReceived>;
 */
import type { ConsumedMessageModel, MessageModel, MessagingContract } from '../../model/workspace.ts';
import { code, resolveImports, type Code } from '../../output/source-file.ts';
import { docComment, generatedHeader } from '../doc-comment.ts';
import { property } from '../literal.ts';
import { runtimeType } from '../runtime-symbols.ts';
import { narrow } from '../schemas/narrow.ts';
import { typeLibrary, type TypeView } from '../types/type-library.ts';
import { isInData, type MessageSchemas } from './message-schemas.ts';

export interface MessagesParts {
  readonly header: string;
  readonly imports: string;
  readonly types: readonly string[];
  readonly publishers: readonly { readonly doc: string; readonly name: string; readonly type: string }[];
  readonly handlers: readonly { readonly doc: string; readonly name: string; readonly type: string }[];
}

/** Types of messages by id, for other generated files. */
export interface MessageTypes {
  readonly parts: MessagesParts;
  readonly sent: ReadonlyMap<string, string>;
  readonly received: ReadonlyMap<ConsumedMessageModel, string>;
}

export const messageTypes = (contract: MessagingContract, schemas: MessageSchemas): MessageTypes => {
  const consumed = contract.consumers.flatMap((consumer) => consumer.messages);
  const handlerNames = consumed.filter(isHandled).map(({ handler }) => handler.pascal);
  const library = typeLibrary(['Publish', 'PublishMessage', 'MessageHandler', ...handlerNames]);
  const strict: TypeView = { id: 'sent', source: schemas.source, open: false, prefix: 'Sent' };
  const open: TypeView = { id: 'received', source: schemas.source, open: true, prefix: 'Received' };

  const sent = new Map<string, string>();
  for (const message of contract.sends) {
    const schema = schemas.source.resolve(schemas.data(message));
    const { pascal } = message.names;
    sent.set(message.id, library.declare([pascal, `Sent${pascal}`], schema, { view: strict, doc: describe(message) }));
  }
  const received = new Map<ConsumedMessageModel, string>();
  for (const one of consumed) {
    const { pascal } = one.message.names;
    const data = schemas.data(one.message);
    const schema = schemas.source.resolve(one.reads === undefined ? data : narrow(data, one.reads, schemas.source));
    const doc = [
      describe(one.message),
      one.reads === undefined ? undefined : 'Only the fields that the contract declares as read.',
    ];
    received.set(
      one,
      library.declare([pascal, `Received${pascal}`], schema, { view: open, doc: doc.filter(Boolean).join('\n\n') }),
    );
  }

  const publishers = contract.sends.map((message) => ({
    doc: docComment(message.summary, message.deprecated ? '@deprecated' : undefined),
    name: property(message.names.camel),
    type: code`${runtimeType('PublishMessage')}<${sent.get(message.id) ?? 'unknown'}, ${aboutType(message, schemas)}>`,
  }));
  const handlers = consumed.map((one) => handlerPart(one, received, consumed));
  const codes: Code[] = [...publishers.map(({ type }) => type), ...handlers.map(({ type }) => type)];
  const types = library.declarations();
  const { statements, print } = resolveImports(codes, types.flatMap(declared));
  return {
    sent,
    received,
    parts: {
      header: generatedHeader([contract.file]),
      imports: statements,
      types,
      publishers: publishers.map((part) => ({ ...part, type: print(part.type) })),
      handlers: handlers.map((part) => ({ ...part, type: print(part.type) })),
    },
  };
};

const declared = (text: string): string[] =>
  [...text.matchAll(/^export (?:interface|type) (\S+)/gm)].map((match) => match[1] as string);

const isHandled = (one: ConsumedMessageModel): boolean => one.upcastTo === undefined;

const describe = (message: MessageModel): string =>
  [message.summary, message.description].filter((text) => text !== undefined).join('\n\n');

const handlerPart = (
  one: ConsumedMessageModel,
  received: ReadonlyMap<ConsumedMessageModel, string>,
  all: readonly ConsumedMessageModel[],
): { doc: string; name: string; type: Code } => {
  const { message } = one;
  const data = received.get(one) ?? 'unknown';
  const what = `\`${message.type}\`, version ${message.version}, of \`${message.channel.address}\``;
  if (isHandled(one)) {
    const doc = docComment(`Handles ${what}.`);
    return { doc, name: one.handler.pascal, type: code`${runtimeType('MessageHandler')}<${data}>` };
  }
  const next = all.find((other) => other.message.id === one.upcastTo);
  const result = (next && received.get(next)) ?? 'unknown';
  return {
    doc: docComment(`Turns the data of ${what}, into that of the next version.`),
    name: `Upcast${message.names.pascal}`,
    type: code`(data: ${data}) => ${result}`,
  };
};

/** What only the publisher knows of the envelope, as the rest of the parameters. */
const aboutType = (message: MessageModel, schemas: MessageSchemas): string => {
  const members: string[] = [];
  if (!isInData(message, 'key')) members.push('readonly key: string');
  const sequence = message.envelope.sequence;
  if (sequence !== undefined && !isInData(message, 'sequence')) {
    const required = sequence.in === 'payload' && schemas.isRequired(message, sequence.pointer);
    members.push(`readonly sequence${required ? '' : '?'}: number`);
  }
  if (members.length === 0) return '[]';
  const optional = members.every((member) => member.includes('?:'));
  return `[about${optional ? '?' : ''}: { ${members.join('; ')} }]`;
};
