/** Objects of OpenAPI 3.1, by the names of the specification. Long because they refer to each other, and are read side by side with it. */
import {
  any,
  boolean,
  leftOut,
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
  accessExtension,
  givenExtension,
  paginationExtension,
  publicExtension,
  sunsetExtension,
} from '../extensions.ts';

const componentName = /^[A-Za-z0-9._-]+$/;
const componentNameSays = 'made of letters, digits, dots, hyphens and underscores';
const named = (kind: Kind): Kind => map(kind, componentName, componentNameSays);

const externalDocs: Kind = object(() => ({
  name: 'external documentation',
  required: ['url'],
  extensible: true,
  fields: { url: uri, description: string },
}));

const contact: Kind = object(() => ({
  name: 'contact',
  extensible: true,
  fields: { name: string, url: uri, email: string },
}));
const license: Kind = object(() => ({
  name: 'license',
  extensible: true,
  required: ['name'],
  fields: { name: string, identifier: string, url: uri },
}));
const info: Kind = object(() => ({
  name: 'info',
  extensible: true,
  required: ['title', 'version'],
  fields: {
    title: string,
    summary: string,
    description: string,
    termsOfService: uri,
    contact,
    license,
    version: string,
  },
}));

const server: Kind = object(() => ({
  name: 'server',
  extensible: true,
  required: ['url'],
  fields: {
    url: string,
    description: string,
    variables: notCarried(
      any,
      'warning',
      'Server variables are',
      'Write the URL out; the host comes from the configuration at run time.',
    ),
  },
}));
const servers = list(server);
const otherServers = notCarried(
  servers,
  'error',
  'Servers of a single path or operation are',
  'Write the servers at the top of the document.',
);

const example: Kind = object(() => ({
  name: 'example',
  section: 'examples',
  extensible: true,
  extensions: { 'x-parkwise-given': givenExtension },
  fields: { summary: string, description: string, value: any, externalValue: uri },
}));

const encoding = notCarried(
  any,
  'error',
  'The encoding of single properties is',
  'Describe the body as JSON, or leave the encoding to the defaults.',
);

const mediaType: Kind = object(() => ({
  name: 'media type',
  extensible: true,
  fields: { schema, example: any, examples: map(example), encoding },
}));
const content = map(mediaType, /^[^/\s]+\/[^/\s]+/, 'a media type such as application/json');

const parameterFields = {
  description: string,
  required: boolean,
  deprecated: boolean,
  allowEmptyValue: boolean,
  allowReserved: boolean,
  style: string,
  explode: boolean,
  schema,
  example: any,
  examples: map(example),
  content,
};

const headerSpec: ObjectSpec = {
  name: 'header',
  section: 'headers',
  extensible: true,
  fields: parameterFields,
  instead: {
    name: 'The name of a header is the key under which it stands: remove it.',
    in: 'A header needs no place: remove it.',
    type: 'The type belongs into "schema".',
  },
};
const header: Kind = object(() => headerSpec);

const parameter: Kind = object(() => ({
  name: 'parameter',
  section: 'parameters',
  extensible: true,
  required: ['name', 'in'],
  fields: { name: string, in: oneOf('path', 'query', 'header', 'cookie'), ...parameterFields },
  instead: { type: 'The type belongs into "schema".', format: 'The format belongs into "schema".' },
}));

const requestBody: Kind = object(() => ({
  name: 'request body',
  section: 'requestBodies',
  extensible: true,
  required: ['content'],
  fields: { description: string, content, required: boolean },
}));

const links = leftOut('Links are', 'Leave them as documentation, or remove them.');

const response: Kind = object(() => ({
  name: 'response',
  section: 'responses',
  extensible: true,
  required: ['description'],
  fields: { description: string, headers: map(header), content, links },
  instead: { schema: 'The schema belongs into "content", under a media type.' },
}));

const responses: Kind = object(() => ({
  name: 'list of responses',
  extensible: true,
  fields: { default: response },
  patterns: [{ matches: /^[1-5](\d\d|XX)$/, kind: response }],
}));

const securityRequirements = list(map(list(string)));
const callbacks = leftOut('Callbacks are', 'Describe what is sent as a message in the AsyncAPI document.');

const operation: Kind = object(() => ({
  name: 'operation',
  extensible: true,
  extensions: {
    'x-parkwise-public': publicExtension,
    'x-parkwise-access': accessExtension,
    'x-parkwise-pagination': paginationExtension,
    'x-sunset': sunsetExtension,
  },
  fields: {
    tags: list(string),
    summary: string,
    description: string,
    externalDocs,
    operationId: string,
    parameters: list(parameter),
    requestBody,
    responses,
    callbacks,
    deprecated: boolean,
    security: securityRequirements,
    servers: otherServers,
  },
}));

export const methods = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options', 'trace'] as const;

const pathItem: Kind = object(() => ({
  name: 'path item',
  section: 'pathItems',
  inline: true,
  extensible: true,
  fields: {
    summary: string,
    description: string,
    ...Object.fromEntries(methods.map((method) => [method, operation])),
    servers: otherServers,
    parameters: list(parameter),
  },
}));

const paths: Kind = object(() => ({
  name: 'list of paths',
  extensible: true,
  fields: {},
  patterns: [{ matches: /^\//, kind: pathItem }],
}));

const flow = (...urls: readonly string[]): Kind =>
  object(() => ({
    name: 'OAuth flow',
    extensible: true,
    required: [...urls, 'scopes'],
    fields: { authorizationUrl: uri, tokenUrl: uri, refreshUrl: uri, scopes: map(string) },
  }));
const flows: Kind = object(() => ({
  name: 'list of OAuth flows',
  extensible: true,
  fields: {
    implicit: flow('authorizationUrl'),
    password: flow('tokenUrl'),
    clientCredentials: flow('tokenUrl'),
    authorizationCode: flow('authorizationUrl', 'tokenUrl'),
  },
}));
const securityScheme: Kind = object(() => ({
  name: 'security scheme',
  section: 'securitySchemes',
  extensible: true,
  required: ['type'],
  fields: {
    type: oneOf('apiKey', 'http', 'mutualTLS', 'oauth2', 'openIdConnect'),
    description: string,
    name: string,
    in: oneOf('query', 'header', 'cookie'),
    scheme: string,
    bearerFormat: string,
    flows,
    openIdConnectUrl: uri,
  },
}));

const tag: Kind = object(() => ({
  name: 'tag',
  extensible: true,
  required: ['name'],
  fields: { name: string, description: string, externalDocs },
}));

/** By section of `components`. */
export const openApiSections: Readonly<Record<string, Kind>> = {
  schemas: schema,
  responses: response,
  parameters: parameter,
  examples: example,
  requestBodies: requestBody,
  headers: header,
  securitySchemes: securityScheme,
  links: any,
  callbacks: any,
  pathItems: pathItem,
};

const components: Kind = object(() => ({
  name: 'components object',
  extensible: true,
  fields: {
    ...Object.fromEntries(Object.entries(openApiSections).map(([section, kind]) => [section, named(kind)])),
    links,
    callbacks,
  },
  instead: { definitions: 'Schemas stand under "schemas".' },
}));

export const openApiDocument: ObjectSpec = {
  name: 'OpenAPI document',
  extensible: true,
  required: ['openapi', 'info'],
  fields: {
    openapi: text(/^3\.1\.\d+$/, 'a version 3.1.x of OpenAPI'),
    info,
    jsonSchemaDialect: uri,
    servers,
    paths,
    webhooks: leftOut('Webhooks are', 'Describe what is sent as a message in the AsyncAPI document.'),
    components,
    security: securityRequirements,
    tags: list(tag),
    externalDocs,
  },
};
