import { any, integer, list, notCarried, object, oneOf, schema, string } from '../../source/kind.ts';
import type { Kind, ObjectSpec } from '../../source/kind.ts';

/** Bindings: those of Kafka and of WebSockets say something to us; the others are passed over, and said to be. */
const bindings = (section: string, kafka: Kind, ws: Kind = any): Kind =>
  object(() => ({
    name: 'list of bindings',
    section,
    extensible: true,
    fields: { kafka, ws },
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

export const channelBindings = bindings(
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
  object(() => ({
    name: 'WebSocket binding',
    extensible: true,
    fields: { method: oneOf('GET'), query: schema, headers: schema, bindingVersion: string },
  })),
);
const group = notCarried(
  any,
  'warning',
  'A group or client id in the contract is',
  'Remove it: the group is the name of the service.',
);
export const operationBindings = bindings('operationBindings', kafkaBinding({ groupId: group, clientId: group }));
export const messageBindings = bindings(
  'messageBindings',
  kafkaBinding({
    key: schema,
    schemaIdLocation: registry,
    schemaIdPayloadEncoding: registry,
    schemaLookupStrategy: registry,
  }),
);
export const serverBindings = bindings(
  'serverBindings',
  kafkaBinding({ schemaRegistryUrl: registry, schemaRegistryVendor: registry }),
);
