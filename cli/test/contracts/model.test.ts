// Long because it goes through the model part by part.
import t from 'tap';
import { loadWorkspace } from '../../src/contracts/load-workspace.ts';
import type { HttpContract, MessagingContract } from '../../src/model/workspace.ts';
import { asyncApi, inlineWorkspace, openApi } from './inline-workspace.ts';
import type { InlineFiles } from './inline-workspace.ts';

type Tap = Parameters<typeof inlineWorkspace>[0];

const load = async (t: Tap, files: InlineFiles): Promise<{ http?: HttpContract; messaging?: MessagingContract }> => {
  const { workspace, findings } = await loadWorkspace(inlineWorkspace(t, files).root);
  const [service] = workspace?.services ?? [];
  if (!service) throw new Error(JSON.stringify(findings));
  return service;
};

void t.test('an operation', async (t) => {
  const { http } = await load(
    t,
    openApi(`
servers: [{ url: 'https://shop.example/api/v1/' }]
paths:
  /orders/{orderId}:
    parameters:
      - { name: orderId, in: path, required: true, schema: { type: string, maxLength: 9 } }
      - { name: limit, in: query, schema: { type: integer } }
    put:
      operationId: replaceOrder
      security: [{ main: [write] }, {}]
      deprecated: true
      x-parkwise-public: true
      parameters:
        - { name: limit, in: query, required: true, style: form, explode: false, schema: { type: integer } }
        - { name: If-Match, in: header, required: true, schema: { type: string, maxLength: 9 } }
        - { name: idempotency-key, in: header, schema: { type: string, maxLength: 9 } }
      requestBody: { required: true, content: { application/json: { schema: { type: object } } } }
      responses: { '204': { description: Done., headers: { ETag: { required: true, schema: { type: string } } } } }
components:
  securitySchemes:
    main: { type: oauth2, flows: { clientCredentials: { tokenUrl: 'https://x.example', scopes: { write: Write } } } }
    key: { type: apiKey, in: cookie, name: sid }
`),
  );
  t.equal(http?.basePath, '/api/v1');
  t.strictSame(http?.securitySchemes, [
    { name: 'key', kind: 'apiKey', in: 'cookie', parameter: 'sid' },
    { name: 'main', kind: 'bearer', scopes: { write: 'Write' } },
  ]);
  const [operation] = http?.operations ?? [];
  t.match(operation, {
    id: 'replaceOrder',
    names: { kebab: 'replace-order', camel: 'replaceOrder', pascal: 'ReplaceOrder' },
    method: 'put',
    path: '/orders/{orderId}',
    pointer: '/paths/~1orders~1{orderId}/put',
    deprecated: true,
    public: true,
    security: [{ main: ['write'] }, {}],
    idempotencyKey: 'optional',
    ifMatch: 'required',
    body: { required: true },
  });
  t.strictSame(
    operation?.parameters.map(({ name, style, explode, required }) => [name, style, explode, required]),
    [
      ['orderId', 'simple', false, true],
      ['limit', 'form', false, true],
      ['If-Match', 'simple', false, true],
      ['idempotency-key', 'simple', false, false],
    ],
  );
  t.ok(Object.isFrozen(operation?.parameters) && Object.isFrozen(http?.document));
});

void t.test('constructors of replies', async (t) => {
  const problem = (type: string, more = ''): string =>
    `{ content: { application/problem+json: { schema: { allOf: [{ $ref: '#/components/schemas/Problem' }, { properties: { type: { ${type} }${more} } }] } } }, description: Too bad. Really. }`;
  const { http } = await load(
    t,
    openApi(`
paths:
  /orders:
    get:
      operationId: listOrders
      security: []
      responses:
        '200': { description: Fine., content: { text/csv: { schema: {} }, application/json: { schema: {} }, application/vnd.shop.v2+json: { schema: {} } } }
        '304': { description: Same. }
        '400': { description: Bad., content: { application/problem+json: { schema: { $ref: '#/components/schemas/Problem' } } } }
        '404': ${problem(`const: 'https://x.example/problems/order-not-found'`, ', title: { const: No such order }')}
        '409': ${problem(`enum: ['https://x.example/problems/sold-out', 'urn:problem:too_late']`)}
        '418': { description: Tea. }
        4XX: { description: Yours., content: { application/json: { schema: {} } } }
        default: { description: Other. }
components:
  schemas:
    Problem: { type: object, properties: { type: { type: string }, title: { type: string } } }
`),
  );
  t.strictSame(
    http?.operations[0]?.responses.flatMap(({ replies }) => replies),
    [
      { name: 'okCsv', mediaType: 'text/csv' },
      { name: 'ok', mediaType: 'application/json' },
      { name: 'okVndShopV2', mediaType: 'application/vnd.shop.v2+json' },
      { name: 'notModified' },
      {
        name: 'badRequest',
        mediaType: 'application/problem+json',
        problem: { type: 'about:blank', title: 'Bad Request' },
      },
      {
        name: 'orderNotFound',
        mediaType: 'application/problem+json',
        problem: { type: 'https://x.example/problems/order-not-found', title: 'No such order' },
      },
      {
        name: 'soldOut',
        mediaType: 'application/problem+json',
        problem: { type: 'https://x.example/problems/sold-out', title: 'Too bad' },
      },
      {
        name: 'tooLate',
        mediaType: 'application/problem+json',
        problem: { type: 'urn:problem:too_late', title: 'Too bad' },
      },
      { name: 'status418' },
      { name: 'clientError', mediaType: 'application/json' },
      { name: 'default' },
    ],
  );
});

void t.test('names that are taken by JavaScript or by generated code', async (t) => {
  const { http } = await load(
    t,
    openApi(
      ['delete', 'promise', 'constructor']
        .map(
          (id) =>
            `  /${id}: { get: { operationId: ${id}, security: [], responses: { '200': { description: Fine. } } } }`,
        )
        .join('\n')
        .replace(/^/, 'paths:\n'),
    ),
  );
  t.strictSame(
    http?.operations.map(({ names }) => names),
    [
      { kebab: 'delete', camel: 'deleteOperation', pascal: 'Delete' },
      { kebab: 'promise', camel: 'promise', pascal: 'PromiseOperation' },
      { kebab: 'constructor', camel: 'constructor', pascal: 'Constructor' },
    ],
  );
});

const events = `
asyncapi: 3.0.0
info: { title: Events, version: 1.0.0 }
channels:
  orderEvents:
    address: shop.orders.events
    bindings:
      kafka:
        partitions: 3
        replicas: 2
        topicConfiguration: { retention.ms: -1, retention.bytes: 5, cleanup.policy: [compact, delete], delete.retention.ms: 6, max.message.bytes: 7 }
    messages:
      OrderPlacedV1: { $ref: '#/components/messages/OrderPlacedV1' }
      OrderPlaced: { $ref: '#/components/messages/OrderPlaced' }
  orderCommands:
    address: shop.orders.commands
    messages: { CancelOrder: { payload: { type: object } } }
operations:
  send: { action: send, channel: { $ref: '#/channels/orderEvents' } }
  receiveCommands: { action: receive, channel: { $ref: '#/channels/orderCommands' } }
components:
  messageTraits:
    Event:
      contentType: application/json
      headers: { type: object, properties: { key: { type: string } } }
      correlationId: { location: $message.payload#/meta/correlation }
      x-parkwise-envelope:
        type: $message.payload#/meta/type
        version: $message.payload#/meta/version
        key: $message.header#/key
        data: $message.payload#/body
  messages:
    OrderPlaced:
      traits: [{ $ref: '#/components/messageTraits/Event' }]
      contentType: application/cloudevents+json
      payload: { $ref: '#/components/schemas/Placed2' }
    OrderPlacedV1:
      deprecated: true
      traits: [{ $ref: '#/components/messageTraits/Event' }]
      payload: { $ref: '#/components/schemas/Placed1' }
  schemas:
    Meta: { type: object, properties: { type: { const: OrderPlaced }, version: {}, correlation: { type: string } } }
    Placed1: { type: object, properties: { meta: { allOf: [{ $ref: '#/components/schemas/Meta' }, { properties: { version: { const: 1 } } }] }, body: { type: object } } }
    Placed2: { type: object, properties: { meta: { allOf: [{ $ref: '#/components/schemas/Meta' }, { properties: { version: { const: 2 } } }] }, body: { type: object } } }
    Unused: { type: string }
`;

void t.test('messages, with their traits, and channels', async (t) => {
  const { messaging } = await load(t, { 'contracts/asyncapi/orders.yaml': events });
  t.match(messaging?.channels, [
    { id: 'orderCommands', address: 'shop.orders.commands', partitions: 8, compact: false },
    {
      id: 'orderEvents',
      address: 'shop.orders.events',
      partitions: 3,
      replicas: 2,
      retentionMs: -1,
      retentionBytes: 5,
      compact: true,
      compactAndDelete: true,
      deleteRetentionMs: 6,
      maxMessageBytes: 7,
    },
  ]);
  t.match(messaging?.sends, [
    {
      id: 'OrderPlaced',
      type: 'OrderPlaced',
      version: 2,
      contentType: 'application/cloudevents+json',
      payloadSchema: 'Placed2',
      headersSchema: 'OrderPlacedHeaders',
    },
    {
      id: 'OrderPlacedV1',
      type: 'OrderPlaced',
      version: 1,
      contentType: 'application/json',
      payloadSchema: 'Placed1',
      deprecated: true,
    },
  ]);
  t.strictSame(messaging?.sends[0]?.envelope, {
    type: { in: 'payload', pointer: '/meta/type' },
    version: { in: 'payload', pointer: '/meta/version' },
    correlation: { in: 'payload', pointer: '/meta/correlation' },
    key: { in: 'header', pointer: '/key' },
    data: { in: 'payload', pointer: '/body' },
  });
  t.strictSame(Object.keys(messaging?.schemas ?? {}), [
    'CancelOrderPayload',
    'Meta',
    'OrderPlacedHeaders',
    'OrderPlacedV1Headers',
    'Placed1',
    'Placed2',
  ]);
  t.match(messaging?.consumers, [
    {
      id: 'receiveCommands',
      order: 'key',
      retryMs: [5000, 60_000, 600_000],
      messages: [{ kind: 'command', handler: { kebab: 'handle-cancel-order', camel: 'handleCancelOrder' } }],
    },
  ]);
});

void t.test('a consumer of a channel of another document', async (t) => {
  const { messaging } = await load(t, {
    'contracts/asyncapi/events.yaml': events,
    ...asyncApi(`
channels:
  orderEvents: { $ref: './events.yaml#/channels/orderEvents' }
operations:
  receiveOrderEvents:
    action: receive
    channel: { $ref: '#/channels/orderEvents' }
    messages:
      - { $ref: '#/channels/orderEvents/messages/OrderPlaced' }
      - { $ref: './events.yaml#/channels/orderEvents/messages/OrderPlacedV1' }
    x-parkwise-consumer: { order: none, retry: [PT1S, PT1M], reads: { OrderPlaced: [''] } }
`),
  });
  t.strictSame(messaging?.channels, []);
  t.strictSame(messaging?.sends, []);
  const [consumer] = messaging?.consumers ?? [];
  t.match(consumer, {
    id: 'receiveOrderEvents',
    order: 'none',
    retryMs: [1000, 60_000],
    channel: { address: 'shop.orders.events' },
  });
  t.match(consumer?.messages, [
    {
      kind: 'event',
      handler: { kebab: 'on-order-placed', camel: 'onOrderPlaced' },
      reads: [''],
      message: { version: 2 },
    },
    { upcastTo: 'OrderPlaced', message: { id: 'OrderPlacedV1', version: 1 } },
  ]);
  t.match(messaging?.document['operations'], {
    receiveOrderEvents: { messages: [{}, { $ref: '#/channels/orderEvents/messages/OrderPlacedV1' }] },
  });
});
