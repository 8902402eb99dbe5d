/** What every peer serves: 21 routes, of which one is called; a body, a path and a query to check, and an answer. */

const id = { type: 'string', format: 'uuid' } as const;

export const pathSchema = { type: 'object', required: ['orderId'], properties: { orderId: id } } as const;

export const querySchema = {
  type: 'object',
  additionalProperties: false,
  properties: { limit: { type: 'integer', minimum: 1, maximum: 100 }, expand: { type: 'boolean' } },
} as const;

const line = {
  type: 'object',
  required: ['sku', 'quantity', 'price'],
  additionalProperties: false,
  properties: {
    sku: { type: 'string', minLength: 1, maxLength: 40, pattern: '^[A-Z0-9-]+$' },
    quantity: { type: 'integer', minimum: 1, maximum: 1000 },
    price: {
      type: 'object',
      required: ['amount', 'currency'],
      additionalProperties: false,
      properties: { amount: { type: 'integer', minimum: 0 }, currency: { type: 'string', pattern: '^[A-Z]{3}$' } },
    },
  },
} as const;

export const bodySchema = {
  type: 'object',
  required: ['note', 'lines', 'deliverAt'],
  additionalProperties: false,
  properties: {
    note: { type: 'string', maxLength: 200 },
    deliverAt: { type: 'string', format: 'date-time' },
    lines: { type: 'array', minItems: 1, maxItems: 50, items: line },
  },
} as const;

export const answerSchema = {
  type: 'object',
  required: ['id', 'orderId', 'note', 'deliverAt', 'lines', 'total'],
  additionalProperties: false,
  properties: { ...bodySchema.properties, id, orderId: id, total: { type: 'integer' }, limit: { type: 'integer' } },
} as const;

/** `{orderId}` is where each peer's own syntax goes. */
export const paths = Array.from(
  { length: 10 },
  (_, index) =>
    `/v1/${['orders', 'customers', 'items', 'invoices', 'returns'][index % 5]}${index < 5 ? '' : '/{orderId}/parts'}`,
)
  .flatMap(
    (path) =>
      [
        { method: 'get', path },
        { method: 'post', path: `${path}/{orderId}` },
      ] as const,
  )
  .concat([{ method: 'post', path: '/v1/orders/{orderId}/lines' } as never]) as readonly {
  readonly method: 'get' | 'post';
  readonly path: string;
}[];

export const calledPath = '/v1/orders/{orderId}/lines';

export const orderId = '0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b';
export const target = `/v1/orders/${orderId}/lines?limit=20&expand=true`;
export const body = JSON.stringify({
  note: 'leave it at the door, please',
  deliverAt: '2026-03-01T10:00:00Z',
  lines: [
    { sku: 'BOOK-001', quantity: 2, price: { amount: 1250, currency: 'EUR' } },
    { sku: 'PEN-RED-7', quantity: 10, price: { amount: 199, currency: 'EUR' } },
  ],
});

interface Line {
  readonly quantity: number;
  readonly price: { readonly amount: number };
}

/** The work that all of them do once the request has arrived. */
export const addLines = (order: string, limit: number, input: { readonly lines: readonly Line[] }) => ({
  id: orderId,
  orderId: order,
  limit,
  ...input,
  total: input.lines.reduce((sum, { quantity, price }) => sum + quantity * price.amount, 0),
});
