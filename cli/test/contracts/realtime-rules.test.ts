import t from 'tap';
import { expectEach } from './expect-findings.ts';
import { asyncApi } from './inline-workspace.ts';

const indent = (text: string, by: number): string => text.replaceAll(/^/gm, ' '.repeat(by));

interface Parts {
  readonly servers?: string;
  readonly channel?: string;
  readonly messages?: string;
  readonly operation?: string;
  readonly more?: string;
}

const versioned = (name: string, version = '{ type: integer }'): string =>
  `${name}:\n  x-parkwise-envelope: { type: '$message.payload#/type', sequence: '$message.payload#/version', data: '$message.payload#/data' }\n  payload: { type: object, required: [type, version, data], properties: { type: { const: ${name} }, version: ${version}, data: { type: object } } }\n`;
const notice = (states: string): string =>
  `Freshness:\n  x-parkwise-envelope: { type: '$message.payload#/type', data: '$message.payload#/data' }\n  payload: { type: object, properties: { type: { const: Freshness }, data: { type: object, properties: { state: { enum: ${states} } } } } }\n`;
const both = versioned('Progress') + versioned('Moved') + notice('[current, delayed]');

/** A document with a channel `/orders/{orderId}`, of which only what differs is written. */
const realtime = ({
  servers = 'live: { host: 127.0.0.1:4001, protocol: ws }',
  channel = `address: /orders/{orderId}\nparameters: { orderId: {} }\nbindings: { ws: { query: { type: object, properties: { version: { type: integer } } } } }`,
  messages = both,
  operation = 'security: []\nx-parkwise-live: { snapshot: Progress, notice: Freshness, resume: version }',
  more = '',
}: Parts): ReturnType<typeof asyncApi> =>
  asyncApi(
    `servers:\n${indent(servers, 2)}\nchannels:\n  progress:\n${indent(channel, 4)}\n    messages:\n${indent(messages, 6)}\noperations:\n  sendProgress:\n    action: send\n    channel: { $ref: '#/channels/progress' }\n${indent(operation, 4)}\n${more}`,
  );

const address = (text: string, parameters = '{ orderId: {} }'): string =>
  `address: ${text}\nparameters: ${parameters}\nbindings: { ws: { query: { type: object, properties: { version: { type: integer } } } } }`;

void t.test('channels on WebSocket servers', async (t) => {
  expectEach(t, {
    'a channel without fault': realtime({}),
    'an address that is no path': realtime({ channel: address('«channel-address»orders.progress', '{}') }),
    'a parameter that is part of a segment': realtime({ channel: address('«channel-address»/orders/no-{orderId}') }),
    'a parameter that is not described': realtime({ channel: address('«channel-parameter»/orders/{orderId}', '{}') }),
    'a description of no parameter': realtime({
      channel: address('/orders/{orderId}', '{ orderId: {}, «channel-parameter»orderID: {} }'),
    }),
    'a default and a location of a parameter': realtime({
      channel: address(
        '/orders/{orderId}',
        `{ orderId: { «construct-not-carried»default: x, «construct-not-carried»location: '$message.payload#/x' } }`,
      ),
    }),
    'a schema as OpenAPI writes it': realtime({
      channel: address('/orders/{orderId}', '{ orderId: { «unknown-field»schema: { type: string } } }'),
    }),
    'servers of two paths': asyncApi(
      `servers: { live: { host: a.example, protocol: ws, pathname: /v1 }, other: { host: b.example, protocol: wss, pathname: /v2 } }\nchannels:\n  «server-pathname»a: { address: /a, messages: { A: { payload: {} } } }\n`,
    ),
    'servers of Kafka and of WebSockets': realtime({
      servers: `live: { host: a.example, protocol: ws }\nbroker: { host: b.example, protocol: kafka }`,
      channel: `${address('/orders/{orderId}')}\n«mixed-servers»servers: [{ $ref: '#/servers/live' }, { $ref: '#/servers/broker' }]`,
    }),
    'a query without properties': realtime({
      channel: `address: /orders/{orderId}\nparameters: { orderId: {} }\nbindings: { ws: { «websocket-binding»query: { type: object } } }`,
      operation: 'security: []\nx-parkwise-live: { snapshot: Progress }',
    }),
    'another method than GET': realtime({
      channel: `address: /orders/{orderId}\nparameters: { orderId: {} }\nbindings: { ws: { method: «wrong-value»POST } }`,
      operation: 'security: []\nx-parkwise-live: { snapshot: Progress }',
    }),
    'headers of a message': realtime({
      messages: `${both}Other:\n  «construct-not-carried»headers: { type: object, properties: { a: {} } }\n  x-parkwise-envelope: { type: '$message.payload#/type' }\n  payload: { type: object, properties: { type: { const: Other } } }`,
    }),
  });
});

void t.test('who may connect', async (t) => {
  const scheme = (text: string): Parts => ({
    operation: `security: [{ $ref: '#/components/securitySchemes/member' }]\nx-parkwise-live: { snapshot: Progress }`,
    more: `components: { securitySchemes: { member: ${text} } }\n`,
  });
  expectEach(t, {
    'nobody says': asyncApi(
      `servers: { live: { host: a.example, protocol: ws } }\nchannels: { a: { address: /a, messages: { A: { payload: {} } } } }\noperations:\n  «operation-security»send: { action: send, channel: { $ref: '#/channels/a' } }\n`,
    ),
    'the server says': asyncApi(
      `servers: { live: { host: a.example, protocol: ws, security: [{ type: http, scheme: bearer }] } }\nchannels: { a: { address: /a, messages: { A: { payload: {} } } } }\noperations:\n  send: { action: send, channel: { $ref: '#/channels/a' } }\n`,
    ),
    'a key in the URL': realtime(scheme('{ type: httpApiKey, name: key, in: «construct-not-carried»query }')),
    'a scheme for brokers': realtime(scheme('{ type: «construct-not-carried»scramSha256 }')),
    'a scope that the flows do not have': realtime(
      scheme(
        `{ type: oauth2, flows: { clientCredentials: { tokenUrl: 'https://a.example', availableScopes: { read: Read. } } }, scopes: [read, «unknown-scope»raed] }`,
      ),
    ),
    'two directions that differ': realtime({
      operation: `security: [{ $ref: '#/components/securitySchemes/member' }]\nx-parkwise-live: { snapshot: Progress }\nmessages: [{ $ref: '#/channels/progress/messages/Progress' }]`,
      more: `  «security-differs»receive: { action: receive, channel: { $ref: '#/channels/progress' }, security: [], messages: [{ $ref: '#/channels/progress/messages/Moved' }] }\ncomponents: { securitySchemes: { member: { type: http, scheme: bearer } } }\n`,
    }),
    'an owner that no parameter names': realtime({
      operation: `security: []\nx-parkwise-access: { owner: «unknown-expression»$request.path.orderID }`,
    }),
  });
});

void t.test('operations, and how watchers are kept up to date', async (t) => {
  const live = (text: string, messages = both): Parts => ({
    messages,
    operation: `security: []\nx-parkwise-live: ${text}`,
  });
  expectEach(t, {
    'a consumer': realtime({ operation: 'security: []\n«misplaced-extension»x-parkwise-consumer: {}' }),
    'two operations of one direction': realtime({
      more: `  «several-operations»again: { action: send, channel: { $ref: '#/channels/progress' }, security: [] }\n`,
    }),
    'messages that do not say their type': realtime({
      messages: `${both}«message-type-place»Other: { payload: {} }`,
    }),
    'a snapshot that is not sent': realtime(live('{ snapshot: «message-reference»Progres }')),
    'a snapshot without a version': realtime(
      live(
        '{ snapshot: Other }',
        `«live-version»Other: { x-parkwise-envelope: { type: '$message.payload#/type' }, payload: { type: object, properties: { type: { const: Other } } } }`,
      ),
    ),
    'versions of two types': realtime(
      live('{ snapshot: Progress }', `${versioned('Progress')}«live-version»${versioned('Moved', '{ type: string }')}`),
    ),
    'a notice that cannot say it': realtime(
      live('{ snapshot: Progress, notice: Freshness }', `${versioned('Progress')}«live-notice»${notice('[current]')}`),
    ),
    'no such query parameter': realtime(live('{ snapshot: Progress, resume: «unknown-expression»since }')),
    'watching what clients send': realtime({
      more: `  receive:\n    action: receive\n    channel: { $ref: '#/channels/progress' }\n    security: []\n    messages: [{ $ref: '#/channels/progress/messages/Moved' }]\n    «misplaced-extension»x-parkwise-live: { snapshot: Moved }\n`,
    }),
    'an extension of channels at a topic': asyncApi(
      `channels: { a: { address: shop.a, messages: { A: { payload: {} } } } }\noperations:\n  send:\n    action: send\n    channel: { $ref: '#/channels/a' }\n    «misplaced-extension»x-parkwise-live: { snapshot: A }\n    «misplaced-extension»x-parkwise-access: { roles: [admin] }\n`,
    ),
  });
});
