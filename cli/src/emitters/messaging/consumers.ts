/**
 * Parts of `consumers.ts`, which the template `templates/asyncapi` lays out:
 *
 *   const envelope: MessageDefinition['envelope'] = { id: { in: 'header', pointer: '/ce_id' }, … };
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
import { code, resolveImports, type Code } from '../../output/source-file.ts';
import { generatedHeader } from '../doc-comment.ts';
import { literal, raw, type Literal } from '../literal.ts';
import { runtimeType } from '../runtime-symbols.ts';
import { fromEntries } from '../schemas/json-schema.ts';
import type { Check, ValidatorSet } from '../validators/validator-set.ts';
import type { MessageSchemas } from './message-schemas.ts';

export interface ConsumersParts {
  readonly header: string;
  readonly imports: string;
  /** `const <name>: <type> = <value>;`, what several tables say alike. */
  readonly constants: readonly ConstantParts[];
  /** `export const <name>: <type> = <value>;`, one after another. */
  readonly tables: readonly ConstantParts[];
}

interface ConstantParts {
  readonly name: string;
  readonly type: string;
  readonly value: string;
}

interface Input {
  readonly service: Service;
  readonly contract: MessagingContract;
  readonly schemas: MessageSchemas;
  readonly validators: ValidatorSet;
}

interface Context extends Input {
  readonly envelopes: Envelopes;
}

export const consumerParts = (input: Input): ConsumersParts => {
  const { contract } = input;
  const envelopes = collectEnvelopes();
  const context = { ...input, envelopes };
  const tables = [
    { name: 'topics', type: 'TopicDefinition', value: contract.channels.map(topic) },
    {
      name: 'messages',
      type: 'MessageDefinition',
      value: contract.sends.map((message) => sentMessage(message, context)),
    },
    {
      name: 'consumers',
      type: 'ConsumerDefinition',
      value: contract.consumers.map((consumer) => consumerTable(consumer, context)),
    },
  ].map(({ name, type, value }) => ({ name, type: code`readonly ${runtimeType(type)}[]`, value: literal(value) }));
  const constants = envelopes.all().map(({ name, value }) => ({
    name,
    type: code`${runtimeType('MessageDefinition')}['envelope']`,
    value: literal(value),
  }));
  const { statements, print } = resolveImports([...constants, ...tables].flatMap(({ type, value }) => [type, value]));
  const printed = ({ name, type, value }: { name: string; type: Code; value: Code }): ConstantParts => ({
    name,
    type: print(type),
    value: print(value),
  });
  return {
    header: generatedHeader([contract.file]),
    imports: statements,
    constants: constants.map(printed),
    tables: tables.map(printed),
  };
};

/** Messages of one family share their envelope: each is written once, and referred to. */
interface Envelopes {
  refer(envelope: MessageModel['envelope']): Literal;
  all(): readonly { readonly name: string; readonly value: Literal }[];
}

const collectEnvelopes = (): Envelopes => {
  const known = new Map<string, { name: string; value: Literal }>();
  return {
    refer: (envelope) => {
      const value = fromEntries(
        Object.entries(envelope).map(([part, place]): [string, Literal] => [
          part,
          { in: place.in, pointer: place.pointer },
        ]),
      );
      const key = JSON.stringify(value);
      const name = known.get(key)?.name ?? (known.size === 0 ? 'envelope' : `envelope${known.size + 1}`);
      known.set(key, { name, value });
      return raw([name]);
    },
    all: () => [...known.values()],
  };
};

const topic = (channel: ChannelModel): Literal => ({
  address: channel.address,
  partitions: channel.partitions,
  replicas: channel.replicas,
  retentionMs: channel.retentionMs,
  retentionBytes: channel.retentionBytes,
  compact: channel.compact ? true : undefined,
  compactAndDelete: channel.compactAndDelete,
  deleteRetentionMs: channel.deleteRetentionMs,
  maxMessageBytes: channel.maxMessageBytes,
});

const consumerTable = (consumer: ConsumerModel, input: Context): Literal => ({
  operationId: consumer.id,
  group: input.service.name,
  topic: topic(consumer.channel),
  order: consumer.order,
  retryMs: consumer.retryMs,
  messages: consumer.messages.map((one) => ({
    message: receivedMessage(one, input),
    handler: handlerOf(one, consumer).camel,
    upcaster: one.upcastTo === undefined ? undefined : upcasterName(one.message),
  })),
});

/** An old version is handled as what the upcasters make of it. */
const handlerOf = (one: ConsumedMessageModel, consumer: ConsumerModel): ConsumedMessageModel['handler'] => {
  const next = consumer.messages.find(({ message }) => message.id === one.upcastTo);
  return next === undefined ? one.handler : handlerOf(next, consumer);
};

export const upcasterName = (message: MessageModel): string => `upcast${message.names.pascal}`;

const sentMessage = (message: MessageModel, input: Context): Literal => {
  const { schemas, validators } = input;
  const payload = schemas.payload(message);
  return {
    ...description(message, input.envelopes),
    publisher: message.names.camel,
    validate: raw(validators.add(`${message.names.camel}Sent`, payload, view(schemas, false))),
    validateReceived: raw(validators.add(`${message.names.camel}Received`, payload, view(schemas, true))),
    validateHeaders: headers(message, input),
  };
};

const receivedMessage = (one: ConsumedMessageModel, input: Context): Literal => {
  const { schemas, validators } = input;
  const { message } = one;
  const read = raw(
    validators.add(`${message.names.camel}Read`, schemas.readPayload(message, one.reads), view(schemas, true)),
  );
  return {
    ...description(message, input.envelopes),
    publisher: message.names.camel,
    validate: read,
    validateReceived: read,
    validateHeaders: headers(message, input),
  };
};

const description = (message: MessageModel, envelopes: Envelopes): Readonly<Record<string, Literal>> => ({
  name: message.id,
  type: message.type,
  version: message.version,
  topic: message.channel.address,
  envelope: envelopes.refer(message.envelope),
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
