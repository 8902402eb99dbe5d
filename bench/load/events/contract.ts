/** One message, its topic and its consumer, in the shape in which they are generated. */
import type { Validator } from '../../../runtime/src/http/contract.ts';
import type { ConsumerDefinition, MessageDefinition } from '../../../runtime/src/messaging/contract.ts';
import { column } from '../../../runtime/src/persistence/column.ts';
import { table } from '../../../runtime/src/persistence/table.ts';

export interface OrderPlaced {
  readonly orderId: string;
  readonly text: string;
}

/** 300 bytes: with its envelope a message has about 700. */
export const TEXT = 'x'.repeat(300);
export const PARTITIONS = 8;
export const KEYS = 200;
/** Requests at a time that a service would have under load. */
export const AT_ONCE = 32;
/** What the relay takes at once at most. */
export const RELAY_BATCH = 500;

const valid: Validator = (value) => typeof value === 'object' && value !== null;
const at = (pointer: string) => ({ in: 'payload', pointer }) as const;

export const topic = { address: 'shop.orders.events', partitions: PARTITIONS };

export const orderPlaced: MessageDefinition = {
  name: 'OrderPlaced',
  type: 'OrderPlaced',
  version: 1,
  topic: topic.address,
  envelope: { id: at('/metadata/id'), type: at('/metadata/type'), key: at('/metadata/key'), data: at('/payload') },
  contentType: 'application/json',
  validate: valid,
  validateReceived: valid,
};

export const consumer: ConsumerDefinition = {
  operationId: 'receiveOrderEvents',
  group: 'warehouse',
  topic,
  order: 'key',
  retryMs: [1_000],
  messages: [{ message: orderPlaced, handler: 'onOrderPlaced' }],
};

export const orders = table('orders', { id: column.text({ max: 40 }), text: column.text(), version: column.integer() });
