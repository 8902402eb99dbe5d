import t from 'tap';
import { expectEach } from './expect-findings.ts';
import { openApi, operation, posting } from './inline-workspace.ts';

const ok = `responses: { '200': { description: Fine. } }`;

void t.test('structure', async (t) => {
  expectEach(t, {
    'a document without fault': operation(ok),
    'an unknown field': operation(`${ok}\n«unknown-field»sumary: List`),
    'a wrong type': operation(`${ok}\ndeprecated: «wrong-type»'yes'`),
    'a missing field': operation(`responses:\n  «missing-field»'200': {}`),
    'a status that is none': operation(
      `responses:\n  '200': { description: Fine. }\n  «unknown-field»'600': { description: Odd. }`,
    ),
    'an older version': {
      'contracts/openapi/orders.yaml': `openapi: «wrong-value»3.0.3\ninfo: { title: Orders, version: 1.0.0 }\n`,
    },
    'a reference where none may stand': operation(`«unknown-field»$ref: '#/components/x'\n${ok}`),
    'a number where a string has to be': {
      'contracts/openapi/orders.yaml': `openapi: 3.1.0\ninfo: { title: Orders, version: «wrong-type»1.0 }\n`,
    },
    'a component with a space': openApi(`components:\n  schemas:\n    «wrong-value»An order: {}\n`),
  });
});

void t.test('paths and operations', async (t) => {
  expectEach(t, {
    'no operationId': openApi(`paths:\n  /a:\n    «operation-id»get: { security: [], ${ok} }\n`),
    'an operationId not in camelCase': openApi(
      `paths:\n  /a:\n    get: { operationId: «operation-id»list_orders, security: [], ${ok} }\n`,
    ),
    'an operationId that makes no name': openApi(
      `paths:\n  /a:\n    get: { operationId: «operation-id»größe, security: [], ${ok} }\n`,
    ),
    'the same operationId twice': openApi(
      `paths:\n  /a:\n    get: { operationId: list, security: [], ${ok} }\n  /b:\n    get: { operationId: «name-clash»list, security: [], ${ok} }\n`,
    ),
    'operationIds that meet in kebab-case': openApi(
      `paths:\n  /a:\n    get: { operationId: getURL, security: [], ${ok} }\n  /b:\n    get: { operationId: «name-clash»getUrl, security: [], ${ok} }\n`,
    ),
    'a path twice': openApi(
      `paths:\n  /o/{a}:\n    parameters: [{ name: a, in: path, required: true, schema: { type: integer } }]\n    get: { operationId: one, security: [], ${ok} }\n  «duplicate-path»/o/{b}:\n    parameters: [{ name: b, in: path, required: true, schema: { type: integer } }]\n    put: { operationId: two, security: [], ${ok} }\n`,
    ),
    'a path with an open brace': openApi(
      `paths:\n  «invalid-path»/o/{a:\n    get: { operationId: one, security: [], ${ok} }\n`,
    ),
    'parameters without anything between them': openApi(
      `paths:\n  «invalid-path»/o/{a}{b}:\n    parameters:\n      - { name: a, in: path, required: true, schema: { type: integer } }\n      - { name: b, in: path, required: true, schema: { type: integer } }\n    get: { operationId: one, security: [], ${ok} }\n`,
    ),
    'a path parameter that is not described': openApi(
      `paths:\n  /o/{id}:\n    «path-parameter»get: { operationId: one, security: [], ${ok} }\n`,
    ),
    'a path parameter that is not in the path': operation(
      `parameters: [{ «path-parameter»name: id, in: path, required: true, schema: { type: integer } }]\n${ok}`,
    ),
    'a path parameter that is not required': openApi(
      `paths:\n  /o/{id}:\n    get:\n      operationId: one\n      security: []\n      parameters:\n        - «path-parameter»{ name: id, in: path, schema: { type: integer } }\n      ${ok}\n`,
    ),
    'no responses': openApi(`paths:\n  /a:\n    «no-responses»get: { operationId: one, security: [] }\n`),
  });
});

void t.test('security', async (t) => {
  const scheme = (text: string): string => `components:\n  securitySchemes:\n    main:\n      ${text}\n`;
  const oauth = scheme(
    `{ type: oauth2, flows: { clientCredentials: { tokenUrl: 'https://x.example/t', scopes: { 'orders:read': Read } } } }`,
  );
  const get = (security: string): string =>
    `paths:\n  /a:\n    get:\n      operationId: one\n      security:\n        - ${security}\n      ${ok}\n`;
  expectEach(t, {
    'nothing said': openApi(`paths:\n  /a:\n    «operation-security»get: { operationId: one, ${ok} }\n`),
    'said for the whole document': openApi(`security: []\npaths:\n  /a:\n    get: { operationId: one, ${ok} }\n`),
    'a known scope': openApi(`${get(`main: ['orders:read']`)}${oauth}`),
    'an unknown scope': openApi(`${get(`main: [«unknown-scope»'orders:raed']`)}${oauth}`),
    'an unknown scheme': openApi(`${get(`«unknown-security-scheme»mian: []`)}${oauth}`),
    'alternatives, combinations and nobody': openApi(
      `${get(`{ main: ['orders:read'], key: [] }\n        - {}`)}${oauth}    key: { type: apiKey, in: header, name: X-Key }\n`,
    ),
    'a scope of an API key': openApi(
      `${get(`main: [«unknown-scope»read]`)}${scheme('{ type: apiKey, in: header, name: X-Key }')}`,
    ),
    'an API key without a name': openApi(
      `components:\n  securitySchemes:\n    «missing-field»main: { type: apiKey, in: header }\n`,
    ),
    'HTTP Basic': openApi(scheme(`type: http\n      «construct-not-carried»scheme: basic`)),
    'HTTP Digest': openApi(scheme(`type: http\n      «construct-not-carried»scheme: digest`)),
    'mutual TLS': openApi(scheme(`«construct-not-carried»type: mutualTLS`)),
    'bearer in whatever case': openApi(scheme(`{ type: http, scheme: Bearer }`)),
  });
});

void t.test('parameters', async (t) => {
  const one = (text: string): ReturnType<typeof operation> => operation(`parameters:\n  - ${text}\n${ok}`);
  expectEach(t, {
    'neither schema nor content': one(`«schema-or-content»{ name: q, in: query }`),
    'both schema and content': one(
      `«schema-or-content»{ name: q, in: query, schema: {}, content: { application/json: { schema: {} } } }`,
    ),
    'JSON content': one(`{ name: q, in: query, content: { application/json: { schema: { type: object } } } }`),
    'content that is no JSON': one(
      `{ name: q, in: query, «construct-not-carried»content: { text/csv: { schema: {} } } }`,
    ),
    'a style of another place': one(`{ name: q, in: query, style: «parameter-style»matrix, schema: { type: string } }`),
    'a style that is none': one(`{ name: q, in: header, style: «parameter-style»fancy, schema: { type: string } }`),
    'deepObject of an array': one(
      `{ name: q, in: query, style: «parameter-style»deepObject, schema: { type: array, items: { type: string } } }`,
    ),
    'deepObject of an object': one(
      `{ name: q, in: query, style: deepObject, schema: { type: object, properties: { a: { type: string } } } }`,
    ),
    'pipeDelimited of a scalar': one(
      `{ name: q, in: query, style: «parameter-style»pipeDelimited, schema: { type: string } }`,
    ),
    'pipeDelimited of a list': one(
      `{ name: q, in: query, style: pipeDelimited, explode: false, schema: { type: array, items: { type: string } } }`,
    ),
    'a list of lists': one(
      `{ name: q, in: query, schema: «parameter-style»{ type: array, items: { type: array, items: { type: string } } } }`,
    ),
    'a header that OpenAPI ignores': one(
      `{ name: «ignored-parameter»Authorization, in: header, schema: { type: string } }`,
    ),
    allowReserved: one(`{ name: q, in: query, «construct-not-carried»allowReserved: true, schema: { type: string } }`),
    allowEmptyValue: one(
      `{ name: q, in: query, «construct-not-carried»allowEmptyValue: true, schema: { type: string } }`,
    ),
    'the same twice': one(
      `{ name: q, in: query, schema: {} }\n  - «duplicate-parameter»{ name: q, in: query, schema: {} }`,
    ),
    'header names in other cases are the same': one(
      `{ name: X-A, in: header, schema: {} }\n  - «duplicate-parameter»{ name: x-a, in: header, schema: {} }`,
    ),
    'an exploded object that meets another parameter': one(
      `{ name: a, in: query, schema: {} }\n  - «name-clash»{ name: f, in: query, schema: { type: object, properties: { a: { type: string } } } }`,
    ),
    'names that mean something to JavaScript': one(
      `{ name: constructor, in: query, schema: { type: string } }\n  - { name: delete, in: query, schema: { type: string } }`,
    ),
    __proto__: one(`{ name: «forbidden-name»__proto__, in: query, schema: { type: string } }`),
    'a string without a bound': one(`{ name: q, in: query, «unbounded-request»schema: { type: string } }`),
  });
});

void t.test('bodies and answers', async (t) => {
  const body = (text: string): ReturnType<typeof posting> => posting(`requestBody:\n  content:\n    ${text}`);
  const answer = (text: string): ReturnType<typeof operation> =>
    operation(`responses:\n  '200':\n    description: Fine.\n    ${text}`);
  expectEach(t, {
    multipart: body(`«construct-not-carried»multipart/form-data: { schema: { type: object } }`),
    'an encoding of a property': body(
      `application/x-www-form-urlencoded: { schema: { type: object }, «construct-not-carried»encoding: { a: { explode: false } } }`,
    ),
    'a form': body(`application/x-www-form-urlencoded: { schema: { type: object } }`),
    'several media types': body(
      `application/json: { schema: {} }\n    text/csv: { schema: { type: string } }\n    application/octet-stream: {}`,
    ),
    XML: answer(`content: { «construct-not-carried»application/xml: { schema: { type: object } } }`),
    'a stream of events': answer(`content: { «construct-not-carried»text/event-stream: {} }`),
    'JSON without a schema': answer(`content: { «body-without-schema»application/json: {} }`),
    'a body of GET': operation(`${ok}\n«misplaced-body»requestBody: { content: { application/json: { schema: {} } } }`),
    'a body of 204': operation(
      `responses: { '204': { description: Done., «misplaced-body»content: { application/json: { schema: {} } } } }`,
    ),
    'an interim answer': operation(
      `responses:\n  «construct-not-carried»'102': { description: Wait. }\n  '200': { description: Fine. }`,
    ),
    links: answer(`«construct-not-carried»links: { next: { operationId: listOrders } }`),
    callbacks: operation(
      `${ok}\n«construct-not-carried»callbacks: { done: { '{$request.body#/url}': { post: { responses: {} } } } }`,
    ),
    'servers of one operation': operation(`${ok}\n«construct-not-carried»servers: [{ url: https://other.example }]`),
    webhooks: openApi(`«construct-not-carried»webhooks: { done: { post: { responses: {} } } }\n`),
    'another dialect': openApi(
      `jsonSchemaDialect: «construct-not-carried»https://json-schema.org/draft/2019-09/schema\n`,
    ),
    'a variable in the path of a server': openApi(
      `servers: [{ url: «construct-not-carried»'https://x.example/{stage}/v1' }]\n`,
    ),
    'servers with other paths': openApi(
      `servers:\n  - url: https://x.example/v1\n  - url: «other-base-path»https://x.example/v2\n`,
    ),
    'a header that OpenAPI ignores': answer(
      `headers: { «ignored-parameter»Content-Type: { schema: { type: string } } }`,
    ),
    'headers whose options meet': answer(`headers: { X-Rate: { schema: {} }, «name-clash»x_rate: { schema: {} } }`),
    'both example and examples': answer(
      `content: { application/json: { schema: {}, «example-twice»example: 1, examples: { a: { value: 1 } } } }`,
    ),
    'two problems of one type': operation(
      `responses:\n  '200': { description: Fine. }\n  '404':\n    description: Gone.\n    content: { application/problem+json: { schema: { properties: { type: { const: 'https://x.example/gone' } } } } }\n  «name-clash»'409':\n    description: Gone.\n    content: { application/problem+json: { schema: { properties: { type: { const: 'https://x.example/gone' } } } } }`,
    ),
  });
});

void t.test('our extensions', async (t) => {
  expectEach(t, {
    'an unknown one': operation(`${ok}\n«unknown-extension»x-parkwise-acess: {}`),
    'one of the wrong shape': operation(`${ok}\nx-parkwise-public: «wrong-type»1`),
    'one in the wrong place': openApi(`paths:\n  /a:\n    «unknown-extension»x-parkwise-public: true\n`),
    'an owner that is no runtime expression': operation(`${ok}\nx-parkwise-access: { owner: «wrong-value»me }`),
    'an owner that is not there': operation(
      `${ok}\nx-parkwise-access: { owner: «unknown-expression»$request.path.orderId }`,
    ),
    'a next cursor that is not there': operation(
      `parameters: [{ name: cursor, in: query, schema: {} }]\nx-parkwise-pagination: { cursor: query.cursor, next: «unknown-expression»/nxt }\nresponses: { '200': { description: Fine., content: { application/json: { schema: { properties: { next: {} } } } } } }`,
    ),
    'a cursor that is no parameter': operation(
      `x-parkwise-pagination: { cursor: «unknown-expression»query.cursor, next: /next }\nresponses: { '200': { description: Fine., content: { application/json: { schema: { properties: { next: {} } } } } } }`,
    ),
    'a last day of what is not deprecated': operation(`${ok}\n«sunset-without-deprecated»x-sunset: '2030-01-31'`),
    'extensions of others': operation(`${ok}\nx-internal: { anything: true }`),
  });
});
