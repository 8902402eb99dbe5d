/** A small contract of a foreign shop, as a generator would state it: an envelope of its own, two versions of one event. */
import type { Validator } from '../../../src/http/contract.ts';
import type { ConsumerDefinition, EnvelopeDefinition, MessageDefinition } from '../../../src/messaging/contract.ts';
import type { Received } from '../../../src/messaging/message.ts';

export interface OrderPlaced {
  readonly orderId: string;
  readonly total: number;
}

/** Accepts what `fault` finds nothing wrong with. */
export function validator(fault: (value: unknown) => { pointer: string; message: string } | undefined): Validator {
  const validate: Validator = (value) => {
    const found = fault(value);
    validate.errors = found
      ? [{ instancePath: found.pointer, schemaPath: '', keyword: 'type', params: {}, message: found.message }]
      : null;
    return !found;
  };
  return validate;
}

export const shopEnvelope: EnvelopeDefinition = {
  id: { in: 'payload', pointer: '/meta/id' },
  type: { in: 'payload', pointer: '/meta/kind' },
  version: { in: 'payload', pointer: '/meta/version' },
  time: { in: 'payload', pointer: '/meta/at' },
  correlation: { in: 'header', pointer: '/x-correlation' },
  causation: { in: 'payload', pointer: '/meta/cause' },
  key: { in: 'payload', pointer: '/data/orderId' },
  data: { in: 'payload', pointer: '/data' },
};

const total = (value: unknown, name: string) => {
  const data = (value as { data?: Record<string, unknown> } | undefined)?.data;
  return typeof data?.[name] === 'number' ? undefined : { pointer: `/data/${name}`, message: 'must be number' };
};

export const orderPlaced: MessageDefinition = {
  name: 'OrderPlaced',
  type: 'order.placed',
  version: 2,
  topic: 'shop.orders.events',
  envelope: shopEnvelope,
  contentType: 'application/json',
  validate: validator((value) => total(value, 'total')),
  validateReceived: validator((value) => total(value, 'total')),
};

/** Version 1 called the total `sum`. */
export const orderPlacedV1: MessageDefinition = {
  ...orderPlaced,
  name: 'OrderPlacedV1',
  version: 1,
  validate: validator((value) => total(value, 'sum')),
  validateReceived: validator((value) => total(value, 'sum')),
};

/** Has no envelope at all: its parts travel in the headers. */
export const stockLow: MessageDefinition = {
  name: 'StockLow',
  type: 'StockLow',
  version: 1,
  topic: 'shop.stock.events',
  envelope: {},
  contentType: 'application/json',
  validate: validator(() => undefined),
  validateReceived: validator(() => undefined),
};

export const upcasters = {
  orderPlacedFromV1: ({ orderId, sum }: { orderId: string; sum: number }): OrderPlaced => ({ orderId, total: sum }),
};

export const consumer = (settings: Partial<ConsumerDefinition> = {}): ConsumerDefinition => ({
  operationId: 'receiveOrderEvents',
  group: 'warehouse',
  topic: { address: 'shop.orders.events', partitions: 4 },
  order: 'none',
  retryMs: [],
  messages: [
    { message: orderPlaced, handler: 'onOrderPlaced' },
    { message: orderPlacedV1, handler: 'onOrderPlaced', upcaster: 'orderPlacedFromV1' },
  ],
  ...settings,
});

export type OrderReceived = Received<OrderPlaced>;
