import t from 'tap';
import { expectEach } from './expect-findings.ts';
import { asyncApi } from './inline-workspace.ts';

const channel = (text: string): string =>
  `channels:\n  orderEvents:\n    address: shop.orders.events\n    messages:\n${text.replaceAll(/^/gm, '      ')}\n`;
const placed = 'OrderPlaced: { payload: { type: object, properties: { orderId: { type: string } } } }';
const receiving = (policy: string): string =>
  `operations:\n  receiveOrderEvents:\n    action: receive\n    channel: { $ref: '#/channels/orderEvents' }\n    messages: [{ $ref: '#/channels/orderEvents/messages/OrderPlaced' }]\n    x-parkwise-consumer: ${policy}\n`;

void t.test('channels and operations', async (t) => {
  expectEach(t, {
    'a document without fault': asyncApi(channel(placed) + receiving('{ order: none, retry: [PT1S] }')),
    'version 2': {
      'contracts/asyncapi/orders.yaml': `asyncapi: «wrong-value»2.6.0\ninfo: { title: Orders, version: 1.0.0 }\n`,
    },
    'no address': asyncApi(`channels:\n  «channel-address»orderEvents: { messages: {} }\n`),
    'an address that is no topic': asyncApi(`channels:\n  orderEvents: { address: «channel-address»shop/orders }\n`),
    'an address with a parameter': asyncApi(
      `channels:\n  orderEvents: { address: «construct-not-carried»'shop.{id}' }\n`,
    ),
    'parameters of a channel': asyncApi(
      `channels:\n  orderEvents: { address: shop.orders, «construct-not-carried»parameters: { id: {} } }\n`,
    ),
    'two channels of one address': asyncApi(
      `channels:\n  a: { address: shop.orders }\n  b: { address: «channel-address»shop.orders }\n`,
    ),
    'bindings of another protocol': asyncApi(
      `channels:\n  a: { address: shop.orders, bindings: { «construct-not-carried»amqp: {} } }\n`,
    ),
    'a topic other than the address': asyncApi(
      `channels:\n  a: { address: shop.orders, bindings: { kafka: { «construct-not-carried»topic: other } } }\n`,
    ),
    'a server of another protocol': asyncApi(
      `servers:\n  a: { host: x.example, protocol: «construct-not-carried»amqp }\n`,
    ),
    'a reply': asyncApi(
      `${channel(placed)}operations:\n  ask:\n    action: send\n    channel: { $ref: '#/channels/orderEvents' }\n    «construct-not-carried»reply: {}\n`,
    ),
    'an action that is none': asyncApi(
      `${channel(placed)}operations:\n  ask: { action: «wrong-value»publish, channel: { $ref: '#/channels/orderEvents' } }\n`,
    ),
    'a channel written in place': asyncApi(
      `operations:\n  ask: { action: send, «channel-reference»channel: { address: x, messages: {} } }\n`,
    ),
    'a message of another channel': asyncApi(
      `${channel(placed)}operations:\n  send:\n    action: send\n    channel: { $ref: '#/channels/orderEvents' }\n    messages: [«message-reference»{ $ref: '#/components/messages/Other' }]\ncomponents: { messages: { Other: { payload: {} } } }\n`,
    ),
    'two consumers of one topic': asyncApi(
      `${channel(placed)}operations:\n  one: { action: receive, channel: { $ref: '#/channels/orderEvents' } }\n  «several-consumers»two: { action: receive, channel: { $ref: '#/channels/orderEvents' }, messages: [] }\n`,
    ),
    'a policy of a sender': asyncApi(
      `${channel(placed)}operations:\n  send: { action: send, channel: { $ref: '#/channels/orderEvents' }, «misplaced-extension»x-parkwise-consumer: {} }\n`,
    ),
  });
});

void t.test('messages', async (t) => {
  expectEach(t, {
    'no payload': asyncApi(channel('«message-without-payload»OrderPlaced: { title: Placed }')),
    'not JSON': asyncApi(channel('OrderPlaced: { payload: {}, contentType: «construct-not-carried»application/avro }')),
    'two of one type and version': asyncApi(
      channel(
        `A: { payload: { properties: { t: { const: x } } }, x-parkwise-envelope: { type: '$message.payload#/t' } }\n«message-type-clash»B: { payload: { properties: { t: { const: x } } }, x-parkwise-envelope: { type: '$message.payload#/t' } }`,
      ),
    ),
    'names that meet in kebab-case': asyncApi(
      channel(`OrderURL: { payload: {} }\n«name-clash»OrderUrl: { payload: {} }`),
    ),
    'a name that is no word': asyncApi(channel(`«message-name»1st: { payload: {} }`)),
    'names that mean something to JavaScript': asyncApi(
      channel(`constructor: { payload: {} }\nError: { payload: {} }\nDelete: { payload: {} }`),
    ),
    'messageId of AsyncAPI 2': asyncApi(channel('OrderPlaced: { payload: {}, «unknown-field»messageId: a }')),
    'a payload in a trait': asyncApi(channel('OrderPlaced: { payload: {}, traits: [{ «unknown-field»payload: {} }] }')),
  });
});

void t.test('envelopes', async (t) => {
  const withEnvelope = (envelope: string, meta = ''): ReturnType<typeof asyncApi> =>
    asyncApi(
      channel(
        `OrderPlaced:\n  payload:\n    required: [meta, body]\n    properties:\n      meta: { ${meta}properties: { id: { type: string }, type: { const: placed } } }\n      body: { properties: { orderId: {} } }\n  x-parkwise-envelope:\n${envelope.replaceAll(/^/gm, '    ')}`,
      ),
    );
  expectEach(t, {
    'all in place': withEnvelope(
      `id: $message.payload#/meta/id\ntype: $message.payload#/meta/type\ndata: $message.payload#/body`,
      'required: [id, type], ',
    ),
    'a key within the data, and what else the data requires': asyncApi(
      channel(
        `OrderPlaced:\n  payload:\n    required: [body]\n    properties:\n      body: { required: [orderId, at], properties: { orderId: {}, at: { required: [lat], properties: { lat: {} } } } }\n  x-parkwise-envelope: { key: $message.payload#/body/orderId, data: $message.payload#/body }`,
      ),
    ),
    'a header that the runtime writes, whatever the schema says of it': asyncApi(
      channel(
        `OrderPlaced: { payload: {}, headers: { properties: {} }, x-parkwise-envelope: { type: $message.header#/ce_type } }`,
      ),
    ),
    'a place that is not there': withEnvelope(
      `id: «unknown-envelope-place»$message.payload#/meta/eventId\ndata: $message.payload#/body`,
    ),
    'a required field that nobody fills': withEnvelope(
      `type: $message.payload#/meta/type\ndata: $message.payload#/body`,
      'required: [«unfilled-envelope-field»id, type], ',
    ),
    'a required constant, which needs no part': withEnvelope(
      `id: $message.payload#/meta/id\ndata: $message.payload#/body`,
      'required: [id, type], ',
    ),
    'an expression that is none': withEnvelope(`id: «wrong-value»$message.body#/id\ndata: $message.payload#/body`),
    'a part that is none': withEnvelope(
      `«unknown-field»idd: $message.payload#/meta/id\nid: $message.payload#/meta/id\ndata: $message.payload#/body`,
    ),
    'a required header that nobody fills': asyncApi(
      channel(
        `OrderPlaced: { payload: {}, headers: { type: object, required: [ce_id, «unfilled-envelope-field»x-tenant], properties: {} } }`,
      ),
    ),
    'a correlation id that is not there': asyncApi(
      channel(
        `OrderPlaced: { payload: { properties: {} }, correlationId: { location: «unknown-envelope-place»'$message.payload#/correlation' } }`,
      ),
    ),
  });
});

void t.test('consumers', async (t) => {
  expectEach(t, {
    'fields that are there': asyncApi(channel(placed) + receiving('{ reads: { OrderPlaced: [/orderId] } }')),
    'a field that is not there': asyncApi(
      channel(placed) + receiving('{ reads: { OrderPlaced: [«unknown-field-read»/orderid] } }'),
    ),
    'a message that is not received': asyncApi(
      channel(placed) + receiving('{ reads: { «unknown-message»OrderPlced: [/orderId], OrderPlaced: [] } }'),
    ),
    'nothing declared': asyncApi(
      channel(placed) + receiving('{ order: none }').replace('  receive', '  «reads-not-declared»receive'),
    ),
    'a delay that is none': asyncApi(channel(placed) + receiving('{ retry: [«wrong-value»5s] }')),
    'order without a key': asyncApi(channel(placed) + receiving('{ order: «order-without-key»key }')),
    'an unknown setting': asyncApi(channel(placed) + receiving('{ «unknown-field»retries: 3 }')),
  });
});
