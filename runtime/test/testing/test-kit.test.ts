import t from 'tap';
import { startTestService, type OperationClient } from '../../src/codegen/v1.ts';
import orders from '../process/fixture/orders/service.ts';

interface Shape {
  readonly operations: Readonly<Record<'placeOrder' | 'getOrder' | 'breakContract', OperationClient>>;
  readonly deliver: { paymentReceived(data: { orderId: string }, about?: { id?: string }): Promise<void> };
  readonly published: { OrderPlaced: { orderId: string; article: string } };
  readonly clients: { stock: { getStock(request: never): Promise<{ status: 200; body: { pieces: number } }> } };
}

const inStock = { stock: { getStock: async () => ({ status: 200 as const, body: { pieces: 3 } }) } };
const ann = { sub: 'ann', scopes: ['orders:write', 'orders:read'] };
const tea = { body: { article: 'tea' } };

t.test('an order is placed, paid and read over real HTTP and the event log', async (t) => {
  await using app = await startTestService<Shape>(orders, inStock);
  const placed = await app.as(ann).placeOrder(tea);
  t.match(placed, { status: 201, body: { article: 'tea', status: 'PLACED' }, headers: { location: /^\/v1\/orders\// } });
  const { id } = placed.body as { id: string };
  t.strictSame(app.published('OrderPlaced'), [{ orderId: id, article: 'tea' }]);
  t.match(app.publishedMessages, [{ name: 'OrderPlaced', key: id }]);
  await app.deliver.paymentReceived({ orderId: id });
  t.match(await app.as(ann).getOrder({ path: { orderId: id } }), { status: 200, body: { status: 'PAID' } });
});
