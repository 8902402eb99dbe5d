/**
 * Parts of `consumers.ts`, which the template `templates/asyncapi` lays out:
 *
 *   export const topics: readonly TopicDefinition[] = [{ address: 'shop.orders.events', partitions: 12 }];
 *   export const messages: readonly MessageDefinition[] = [{ name: 'OrderPlaced', … }];
 *   export const consumers: readonly ConsumerDefinition[] = [{ operationId: 'receivePayments', … }];
 */
import type {
  ChannelModel,
  ConsumedMessageModel,
  ConsumerModel,
  MessageModel,
  MessagingContract,
  Service,
} from '../../model/workspace.ts';
import { code, resolveImports } from '../../output/source-file.ts';
import { generatedHeader } from '../doc-comment.ts';
import { literal, raw, type Literal } from '../literal.ts';
import { runtimeType } from '../runtime-symbols.ts';
import { fromEntries } from '../schemas/json-schema.ts';
import type { Check, ValidatorSet } from '../validators/validator-set.ts';
import type { MessageSchemas } from './message-schemas.ts';

export interface ConsumersParts {
  readonly header: string;
  readonly imports: string;
  /** `export const <name>: <type> = <value>;`, one after another. */
  readonly tables: readonly { readonly name: string; readonly type: string; readonly value: string }[];
}

interface Input {
  readonly service: Service;
  readonly contract: MessagingContract;
  readonly schemas: MessageSchemas;
  readonly validators: ValidatorSet;
}

export const consumerParts = (input: Input): ConsumersParts => {
  const { contract } = input;
  const tables = [
    { name: 'topics', type: 'TopicDefinition', value: contract.channels.map(topic) },
    {
      name: 'messages',
      type: 'MessageDefinition',
      value: contract.sends.map((message) => sentMessage(message, input)),
    },
    {
      name: 'consumers',
      type: 'ConsumerDefinition',
      value: contract.consumers.map((consumer) => consumerTable(consumer, input)),
    },
  ].map(({ name, type, value }) => ({ name, type: code`readonly ${runtimeType(type)}[]`, value: literal(value) }));
  const { statements, print } = resolveImports(tables.flatMap(({ type, value }) => [type, value]));
  return {
    header: generatedHeader([contract.file]),
    imports: statements,
    tables: tables.map(({ name, type, value }) => ({ name, type: print(type), value: print(value) })),
  };
};

const topic = (channel: ChannelModel): Literal => ({
  address: channel.address,
  partitions: channel.partitions,
  retentionMs: channel.retentionMs,
  compact: channel.compact ? true : undefined,
});

const consumerTable = (consumer: ConsumerModel, input: Input): Literal => ({
  operationId: consumer.id,
  group: input.service.name,
  topic: topic(consumer.channel),
  order: consumer.order,
  retryMs: consumer.retryMs,
  messages: consumer.messages.map((one) => ({
    message: receivedMessage(one, input),
    handler: one.handler.camel,
    upcaster: one.upcastTo === undefined ? undefined : upcasterName(one.message),
  })),
});

export const upcasterName = (message: MessageModel): string => `upcast${message.names.pascal}`;

const sentMessage = (message: MessageModel, input: Input): Literal => {
  const { schemas, validators } = input;
  const payload = schemas.payload(message);
  return {
    ...description(message),
    publisher: message.names.camel,
    validate: raw(validators.add(`${message.names.camel}Sent`, payload, view(schemas, false))),
    validateReceived: raw(validators.add(`${message.names.camel}Received`, payload, view(schemas, true))),
    validateHeaders: headers(message, input),
  };
};

const receivedMessage = (one: ConsumedMessageModel, input: Input): Literal => {
  const { schemas, validators } = input;
  const { message } = one;
  const read = raw(
    validators.add(`${message.names.camel}Read`, schemas.readPayload(message, one.reads), view(schemas, true)),
  );
  return {
    ...description(message),
    publisher: message.names.camel,
    validate: read,
    validateReceived: read,
    validateHeaders: headers(message, input),
  };
};

const description = (message: MessageModel): Readonly<Record<string, Literal>> => ({
  name: message.id,
  type: message.type,
  version: message.version,
  topic: message.channel.address,
  envelope: fromEntries(
    Object.entries(message.envelope).map(([part, place]): [string, Literal] => [
      part,
      { in: place.in, pointer: place.pointer },
    ]),
  ),
  ...(message.constants === undefined ? {} : { constants: message.constants as Literal }),
  constants: message.constants as Literal,
  contentType: message.contentType,
});

const headers = (message: MessageModel, { schemas, validators }: Input): Literal => {
  const schema = schemas.headers(message);
  return schema === undefined
    ? undefined
    : raw(validators.add(`${message.names.camel}Headers`, schema, view(schemas, true)));
};

const view = (schemas: MessageSchemas, open: boolean): Check => ({
  source: schemas.source,
  document: 'messages',
  open,
});
