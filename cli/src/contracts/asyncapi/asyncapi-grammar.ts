import {
  any,
  boolean,
  integer,
  list,
  map,
  notCarried,
  object,
  oneOf,
  schema,
  string,
  text,
  uri,
} from '../../source/kind.ts';
import type { Kind, ObjectSpec } from '../../source/kind.ts';
import {
  consumerExtension,
  envelopeExtension,
  givenExtension,
  publicExtension,
  sunsetExtension,
} from '../extensions.ts';

/** Objects of AsyncAPI 3.0, by the names of the specification. */

const componentName = /^[A-Za-z0-9._-]+$/;
const componentNameSays = 'made of letters, digits, dots, hyphens and underscores';
const named = (kind: Kind): Kind => map(kind, componentName, componentNameSays);

const externalDocs: Kind = object(() => ({
  name: 'external documentation',
  section: 'externalDocs',
  required: ['url'],
  extensible: true,
  fields: { url: uri, description: string },
}));
const tag: Kind = object(() => ({
  name: 'tag',
  section: 'tags',
  required: ['name'],
  extensible: true,
  fields: { name: string, description: string, externalDocs },
}));
const described = { title: string, summary: string, description: string, tags: list(tag), externalDocs };

const info: Kind = object(() => ({
  name: 'info',
  extensible: true,
  required: ['title', 'version'],
  fields: {
    title: string,
    version: string,
    description: string,
    termsOfService: uri,
    contact: object(() => ({ name: 'contact', extensible: true, fields: { name: string, url: uri, email: string } })),
    license: object(() => ({
      name: 'license',
      extensible: true,
      required: ['name'],
      fields: { name: string, url: uri },
    })),
    tags: list(tag),
    externalDocs,
  },
}));

const securityScheme: Kind = object(() => ({
  name: 'security scheme',
  section: 'securitySchemes',
  required: ['type'],
  extensible: true,
  fields: {
    type: oneOf(
      'userPassword',
      'apiKey',
      'X509',
      'symmetricEncryption',
      'asymmetricEncryption',
      'httpApiKey',
      'http',
      'oauth2',
      'openIdConnect',
      'plain',
      'scramSha256',
      'scramSha512',
      'gssapi',
    ),
    description: string,
    name: string,
    in: string,
    scheme: string,
    bearerFormat: string,
    flows: any,
    openIdConnectUrl: uri,
    scopes: list(string),
  },
}));

/** Bindings: those of Kafka say something to us, those of WebSockets will; the others are passed over, and said to be. */
const bindings = (section: string, kafka: Kind): Kind =>
  object(() => ({
    name: 'list of bindings',
    section,
    extensible: true,
    fields: { kafka, ws: any },
    patterns: [
      {
        matches:
          /^(http|amqp|amqp1|mqtt|mqtt5|nats|jms|sns|sqs|solace|stomp|redis|mercure|ibmmq|anypointmq|pulsar|googlepubsub|ros2)$/,
        kind: notCarried(
          any,
          'warning',
          'This binding is',
          'Remove it, or leave it as documentation: messages travel over Kafka or the embedded log.',
        ),
      },
    ],
  }));
const kafkaBinding = (fields: ObjectSpec['fields']): Kind =>
  object(() => ({ name: 'Kafka binding', extensible: true, fields: { ...fields, bindingVersion: string } }));
const registry = notCarried(any, 'warning', 'A schema registry is', 'Remove it, or leave it as documentation.');

const channelBindings = bindings(
  'channelBindings',
  kafkaBinding({
    topic: notCarried(
      string,
      'error',
      'A topic other than the address is',
      'Write the name of the topic as the address of the channel.',
    ),
    partitions: integer({ min: 1 }),
    replicas: integer({ min: 1 }),
    topicConfiguration: object(() => ({
      name: 'topic configuration',
      fields: {
        'cleanup.policy': list(oneOf('delete', 'compact'), { min: 1, unique: true }),
        'retention.ms': integer({ min: -1 }),
        'retention.bytes': integer({ min: -1 }),
        'delete.retention.ms': integer({ min: 0 }),
        'max.message.bytes': integer({ min: 0 }),
      },
      patterns: [{ matches: /^confluent\./, kind: any }],
    })),
  }),
);
const group = notCarried(
  any,
  'warning',
  'A group or client id in the contract is',
  'Remove it: the group is the name of the service.',
);
const operationBindings = bindings('operationBindings', kafkaBinding({ groupId: group, clientId: group }));
const messageBindings = bindings(
  'messageBindings',
  kafkaBinding({
    key: schema,
    schemaIdLocation: registry,
    schemaIdPayloadEncoding: registry,
    schemaLookupStrategy: registry,
  }),
);
const serverBindings = bindings(
  'serverBindings',
  kafkaBinding({ schemaRegistryUrl: registry, schemaRegistryVendor: registry }),
);

const variables = notCarried(
  any,
  'warning',
  'Server variables are',
  'Write the host out; the broker comes from the configuration at run time.',
);
const server: Kind = object(() => ({
  name: 'server',
  section: 'servers',
  required: ['host', 'protocol'],
  extensible: true,
  fields: {
    host: string,
    pathname: string,
    protocol: string,
    protocolVersion: string,
    variables,
    security: list(securityScheme),
    bindings: serverBindings,
    ...described,
  },
}));

/** Formats of schemas that are read, and the dialect that each is. */
export const dialectOfFormat = (format: string): 'draft-07' | '2020-12' | undefined => {
  if (/^application\/(schema|vnd\.aai\.asyncapi)\+(json|yaml);\s*version=draft[-/]?2020-12$/.test(format))
    return '2020-12';
  const isDraft07 = /^application\/schema\+(json|yaml);\s*version=draft-?\/?07$/.test(format);
  return isDraft07 || /^application\/vnd\.aai\.asyncapi(\+json|\+yaml)?;\s*version=3\.0\.\d+$/.test(format)
    ? 'draft-07'
    : undefined;
};

const multiFormat = (format: unknown): Kind =>
  object(() => ({
    name: 'schema with a format',
    section: 'schemas',
    required: ['schema'],
    extensible: true,
    fields:
      format === undefined || (typeof format === 'string' && dialectOfFormat(format))
        ? { schemaFormat: string, schema }
        : {
            schemaFormat: notCarried(
              string,
              'error',
              'Schemas of this format are',
              'Write a JSON Schema, of draft-07 or 2020-12.',
            ),
            schema: any,
          },
  }));

/** A JSON Schema, or an object that says of which format its schema is. */
const anySchema: Kind = {
  is: 'choice',
  says: 'a schema',
  of: (value) => {
    if (typeof value !== 'object' || value === null || !('schema' in value) || '$ref' in value) return schema;
    return multiFormat('schemaFormat' in value ? value.schemaFormat : undefined);
  },
};

const correlationId: Kind = object(() => ({
  name: 'correlation id',
  section: 'correlationIds',
  required: ['location'],
  extensible: true,
  fields: {
    description: string,
    location: text(
      /^\$message\.(header|payload)#(\/([^~/]|~[01])*)*$/,
      'a runtime expression such as $message.header#/correlationId',
    ),
  },
}));

const messageExample: Kind = object(() => ({
  name: 'example',
  extensible: true,
  extensions: { 'x-parkwise-given': givenExtension },
  fields: { headers: any, payload: any, name: string, summary: string },
}));

const traitFields = {
  headers: anySchema,
  correlationId,
  contentType: string,
  name: string,
  deprecated: boolean,
  bindings: messageBindings,
  examples: list(messageExample),
  ...described,
};
const messageExtensions = {
  'x-parkwise-envelope': envelopeExtension,
  'x-parkwise-public': publicExtension,
  'x-sunset': sunsetExtension,
};

const messageTrait: Kind = object(() => ({
  name: 'message trait',
  section: 'messageTraits',
  extensible: true,
  extensions: messageExtensions,
  fields: traitFields,
  instead: { payload: 'A trait cannot have a payload: write it in the message.' },
}));
const message: Kind = object(() => ({
  name: 'message',
  section: 'messages',
  extensible: true,
  extensions: messageExtensions,
  fields: { ...traitFields, payload: anySchema, traits: list(messageTrait) },
  instead: {
    messageId: 'In AsyncAPI 3 the key in the channel is the id: remove it.',
    schemaFormat: 'In AsyncAPI 3 it stands in the payload, beside "schema".',
  },
}));

const channel: Kind = object(() => ({
  name: 'channel',
  section: 'channels',
  extensible: true,
  fields: {
    address: { is: 'choice', says: 'a string', of: (value) => (value === null ? any : string) },
    messages: named(message),
    servers: list(server),
    parameters: notCarried(
      any,
      'error',
      'Parameters of a channel are',
      'Write the address out: one channel is one topic.',
    ),
    bindings: channelBindings,
    ...described,
  },
  instead: {
    publish: 'In AsyncAPI 3 an operation with "action: receive" says this.',
    subscribe: 'In AsyncAPI 3 an operation with "action: send" says this.',
  },
}));

const operationTraitFields = { security: list(securityScheme), bindings: operationBindings, ...described };
const operationExtensions = { 'x-parkwise-consumer': consumerExtension };
const operationTrait: Kind = object(() => ({
  name: 'operation trait',
  section: 'operationTraits',
  extensible: true,
  extensions: operationExtensions,
  fields: operationTraitFields,
}));
const operation: Kind = object(() => ({
  name: 'operation',
  section: 'operations',
  required: ['action', 'channel'],
  extensible: true,
  extensions: operationExtensions,
  fields: {
    action: oneOf('send', 'receive'),
    channel,
    messages: list(message),
    traits: list(operationTrait),
    reply: notCarried(
      any,
      'error',
      'Request and reply are',
      'Describe the reply as a message of its own, with a correlation id.',
    ),
    ...operationTraitFields,
  },
}));

/** By section of `components`. */
export const asyncApiSections: Readonly<Record<string, Kind>> = {
  schemas: anySchema,
  servers: server,
  channels: channel,
  operations: operation,
  messages: message,
  securitySchemes: securityScheme,
  serverVariables: any,
  parameters: any,
  correlationIds: correlationId,
  replies: any,
  replyAddresses: any,
  externalDocs,
  tags: tag,
  operationTraits: operationTrait,
  messageTraits: messageTrait,
  serverBindings,
  channelBindings,
  operationBindings,
  messageBindings,
};

export const asyncApiDocument: ObjectSpec = {
  name: 'AsyncAPI document',
  required: ['asyncapi', 'info'],
  extensible: true,
  fields: {
    asyncapi: text(/^3\.0\.\d+$/, 'a version 3.0.x of AsyncAPI'),
    id: uri,
    info,
    servers: named(server),
    defaultContentType: string,
    channels: named(channel),
    operations: named(operation),
    components: object(() => ({
      name: 'components object',
      extensible: true,
      fields: Object.fromEntries(Object.entries(asyncApiSections).map(([section, kind]) => [section, named(kind)])),
    })),
  },
  instead: { tags: 'In AsyncAPI 3 it stands in "info".', externalDocs: 'In AsyncAPI 3 it stands in "info".' },
};

/** Places that references within the document may name: components, and what stands in the maps at the top. */
export const isAsyncApiHome = (tokens: readonly string[], section: string): boolean => {
  const [first, second, , fourth] = tokens;
  if (first === 'components') {
    if (tokens.length === 3) return second === section;
    return tokens.length === 5 && second === 'channels' && fourth === 'messages' && section === 'messages';
  }
  if (tokens.length === 2) return first === section && ['channels', 'servers', 'operations'].includes(first ?? '');
  return tokens.length === 4 && first === 'channels' && tokens[2] === 'messages' && section === 'messages';
};
