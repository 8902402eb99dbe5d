import { any, boolean, list, map, notCarried, object, oneOf, schema, string, text, uri } from '../../source/kind.ts';
import type { Kind, ObjectSpec } from '../../source/kind.ts';
import {
  accessExtension,
  consumerExtension,
  envelopeExtension,
  givenExtension,
  liveExtension,
  publicExtension,
  sunsetExtension,
} from '../extensions.ts';
import { channelBindings, messageBindings, operationBindings, serverBindings } from './binding-kinds.ts';
import { anySchema } from './schema-formats.ts';

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

const parameter: Kind = object(() => ({
  name: 'parameter',
  section: 'parameters',
  extensible: true,
  extensions: { 'x-parkwise-schema': schema },
  fields: {
    enum: list(string, { min: 1, unique: true }),
    default: notCarried(
      string,
      'warning',
      'A default of a parameter is',
      'Remove it: whoever connects writes the whole address.',
    ),
    description: string,
    examples: list(string),
    location: notCarried(
      string,
      'warning',
      'The location of a parameter is',
      'Remove it: the value is read from the address.',
    ),
  },
  instead: { schema: 'In AsyncAPI 3 a parameter is a text: write its schema as "x-parkwise-schema".' },
}));
const channel: Kind = object(() => ({
  name: 'channel',
  section: 'channels',
  extensible: true,
  fields: {
    address: { is: 'choice', says: 'a string', of: (value) => (value === null ? any : string) },
    messages: named(message),
    servers: list(server),
    parameters: map(parameter),
    bindings: channelBindings,
    ...described,
  },
  instead: {
    publish: 'In AsyncAPI 3 an operation with "action: receive" says this.',
    subscribe: 'In AsyncAPI 3 an operation with "action: send" says this.',
  },
}));

const operationTraitFields = { security: list(securityScheme), bindings: operationBindings, ...described };
const operationExtensions = {
  'x-parkwise-access': accessExtension,
  'x-parkwise-consumer': consumerExtension,
  'x-parkwise-live': liveExtension,
};
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
  parameters: parameter,
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
