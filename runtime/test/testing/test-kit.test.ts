import t from 'tap';
import { startTestService, type OperationClient, type TestOptions } from '../../src/codegen/v1.ts';
import orders from '../process/fixture/orders/service.ts';

interface Shape {
  readonly operations: Readonly<Record<'placeOrder' | 'getOrder' | 'breakContract', OperationClient>>;
  readonly deliver: { paymentReceived(data: { orderId?: string }, about?: { id?: string }): Promise<void> };
  readonly published: { OrderPlaced: { orderId: string; article: string } };
  readonly clients: {
    stock: { getStock(request: never): Promise<{ status: number | 'unavailable'; body?: unknown }> };
  };
}

const stockOf = (pieces: unknown, status: number | 'unavailable' = 200) => ({
  stock: { getStock: async () => ({ status, body: { pieces } }) },
});
const start = (stubs = stockOf(3), options: TestOptions = {}) => startTestService<Shape>(orders, stubs, options);
const ann = { sub: 'ann', scopes: ['orders:write', 'orders:read'] };
const tea = { body: { article: 'tea' } };

t.test('an order is placed, paid and read over real HTTP and the event log', async (t) => {
  await using app = await start();
  const placed = await app.as(ann).placeOrder(tea);
  t.match(placed, {
    status: 201,
    body: { article: 'tea', status: 'PLACED' },
    headers: { location: /^\/v1\/orders\// },
  });
  const { id } = placed.body as { id: string };
  t.strictSame(app.published('OrderPlaced'), [{ orderId: id, article: 'tea' }]);
  t.match(app.publishedMessages, [{ name: 'OrderPlaced', key: id }]);
  await app.deliver.paymentReceived({ orderId: id });
  t.match(await app.as(ann).getOrder({ path: { orderId: id } }), { status: 200, body: { status: 'PAID' } });
});

t.test('who calls decides what is answered', async (t) => {
  await using app = await start();
  t.match(await app.anonymous().placeOrder(tea), { status: 401 });
  t.match(await app.as({ sub: 'bob', scopes: ['orders:read'] }).placeOrder(tea), { status: 403 });
  const token = await app.token({ sub: 'bob', scopes: ['orders:read'] });
  const raw = await app.fetch('/v1/orders/nothing', { headers: { authorization: `Bearer ${token}` } });
  t.equal(raw.status, 404);
});

t.test('a token lasts as long as the clock says', async (t) => {
  await using app = await start(stockOf(3), { now: '2026-03-02T09:00:00Z' });
  const headers = { authorization: `Bearer ${await app.token(ann)}` };
  t.equal((await app.fetch('/v1/orders/nothing', { headers })).status, 404);
  app.clock.advance('PT11M');
  t.equal((await app.fetch('/v1/orders/nothing', { headers })).status, 401);
  t.equal(app.clock.now().toISOString(), '2026-03-02T09:11:00.000Z');
});

t.test('only a missing Idempotency-Key is filled in, anew for each call', async (t) => {
  await using app = await start();
  const first = await app.as(ann).placeOrder(tea);
  t.not((await app.as(ann).placeOrder(tea)).body, first.body);
  const keyed = { ...tea, headers: { 'Idempotency-Key': 'once' } };
  t.strictSame((await app.as(ann).placeOrder(keyed)).body, (await app.as(ann).placeOrder(keyed)).body);
  t.match(await app.as(ann).placeOrder({}), { status: 400 }, 'a missing body stays missing');
});

t.test('an answer that the contract does not have fails the test at the call', async (t) => {
  await using app = await start();
  await t.rejects(app.anonymous().breakContract({}), { message: /breakContract answered 200/ });
});

t.test('an answer that the called service could not give fails the test', async (t) => {
  await using wrong = await start(stockOf('many'));
  await t.rejects(wrong.as(ann).placeOrder(tea), { message: /stub of stock.getStock .* \/pieces must be integer/ });
  await using odd = await start(stockOf(1, 418));
  await t.rejects(odd.as(ann).placeOrder(tea), { message: /stub of stock.getStock answers 418; its contract has 200/ });
  await using none = await startTestService<Shape>(orders);
  await t.rejects(none.as(ann).placeOrder(tea), { message: /called stock.getStock, which the test does not stub/ });
  await using down = await start(stockOf(0, 'unavailable'));
  t.match(await down.as(ann).placeOrder(tea), { status: 503 }, 'no answer at all is an answer that can be given');
  await t.rejects(startTestService(orders, { storage: {} }), { message: /does not call "storage"/ });
});

t.test('what a handler of a message throws is thrown where it was delivered', async (t) => {
  await using app = await start();
  await t.rejects(app.deliver.paymentReceived({ orderId: 'poison' }), { message: 'cannot be handled' });
  await t.rejects(app.deliver.paymentReceived({}), { message: /dead letters: .*orderId/ });
  await app.deliver.paymentReceived({ orderId: 'fine' });
});

t.test('a message with the same id is handled once', async (t) => {
  await using app = await start();
  await app.deliver.paymentReceived({ orderId: 'fine' }, { id: 'same' });
  await t.resolves(app.deliver.paymentReceived({ orderId: 'poison' }, { id: 'same' }));
});

t.test('what was rolled back was not published', async (t) => {
  await using app = await start();
  const placed = await app.as(ann).placeOrder({ body: { article: 'the last one' } });
  t.match(placed, { status: 409, body: { type: /out-of-stock/ } });
  t.strictSame(app.published('OrderPlaced'), []);
  t.throws(() => app.published('OrderPlacd' as 'OrderPlaced'), {
    message: /sends no message "OrderPlacd"; it sends: OrderPlaced/,
  });
});

t.test('jobs run when the test says so', async (t) => {
  await using app = await start(stockOf(3), { database: 'file', env: { ORDERS_REMINDER_MINUTES: '5' } });
  await app.runJob('remind');
  await t.rejects(app.runJob('forget'), { message: /there is no job "forget"; the service has: remind/ });
});

t.test('settings that do not fit keep it from starting', async (t) => {
  await t.rejects(start(stockOf(3), { env: { ORDERS_REMINDER_MINUTES: 'soon' } }), {
    code: 'configuration',
    message: /ORDERS_REMINDER_MINUTES has a value that is not an integer/,
  });
});
