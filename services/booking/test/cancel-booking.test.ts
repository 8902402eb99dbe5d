import { randomUUID } from 'node:crypto';
import t from 'tap';
import { aDriver, aPayment, book, driver, provider, startBooking, type RunningBooking } from './a-service.ts';

const notCancellable = { status: 409, body: { type: 'https://parkwise.dev/problems/booking-not-cancellable' } };

async function bookAndPay(app: RunningBooking): Promise<string> {
  const { id } = await book(app);
  await app.deliver.paymentProcessed(aPayment(id));
  return id;
}

async function refundAt(app: RunningBooking, bookingId: string, now: string): Promise<number | undefined> {
  app.clock.set(now);
  const answer = await app.as(driver).cancelBooking({ path: { bookingId }, body: {} });
  if (answer.status !== 200) throw new Error(`answered ${answer.status}`);
  return answer.body.cancellation?.refund.amount;
}

t.test('a cancellation gives back what the policy says, the window included', async (t) => {
  await using app = await startBooking();
  const bookingId = await bookAndPay(app);
  app.clock.set('2037-03-01T18:00:00Z');
  const cancelled = await app
    .as(driver)
    .cancelBooking({ path: { bookingId }, body: { reason: 'My meeting has been moved.' } });
  const cancelledAt = '2037-03-01T18:00:00.000Z';
  const refund = { amount: 301, currency: 'EUR' };
  t.match(cancelled, {
    status: 200,
    headers: { etag: '"v3"' },
    body: {
      status: 'CANCELLED',
      version: 3,
      updatedAt: cancelledAt,
      cancellation: { cancelledAt, reason: 'My meeting has been moved.', refund },
    },
  });
  t.same((await app.as(driver).getBooking({ path: { bookingId } })).body, cancelled.body);
  t.match(app.publishedMessages.at(-1), {
    name: 'BookingCancelled',
    key: bookingId,
    sequence: 3,
    data: { bookingId, refund, reason: 'My meeting has been moved.', cancelledAt },
  });
  t.not((await book(app, {}, aDriver())).id, bookingId, 'somebody else may have the window now');
});

t.test('early: everything; late: half of it, rounded half up; too late: nothing', async (t) => {
  const start = Date.parse('2037-03-02T09:00:00Z');
  const before = (ms: number): string => new Date(start - ms).toISOString();
  const hour = 3_600_000;
  for (const [left, refund] of [
    [22 * hour, 301],
    [2 * hour, 301],
    [2 * hour - 1, 0],
    [1, 0],
  ] as const) {
    await using app = await startBooking();
    t.equal(await refundAt(app, await bookAndPay(app), before(left)), refund, `${left} ms before the start`);
  }
  await using app = await startBooking();
  app.clock.set(before(25 * hour));
  t.equal(await refundAt(app, await bookAndPay(app), before(24 * hour)), 601, 'a day before the start');
});

t.test('where nothing was paid, nothing is refunded', async (t) => {
  await using app = await startBooking();
  const { id } = await book(app);
  t.equal(await refundAt(app, id, '2037-03-01T10:05:00Z'), 0);
  t.notOk('reason' in (app.published('BookingCancelled')[0] ?? { reason: 1 }), 'the driver has not said why');
});

t.test('booking-not-cancellable: started, expired or cancelled already', async (t) => {
  await using app = await startBooking();
  const cancel = (bookingId: string) => app.as(driver).cancelBooking({ path: { bookingId }, body: {} });
  const paid = await bookAndPay(app);
  const waiting = await book(app, { startsAt: '2037-03-03T09:00:00Z', endsAt: '2037-03-03T10:00:00Z' });
  const given = await book(app, { startsAt: '2037-03-04T09:00:00Z', endsAt: '2037-03-04T10:00:00Z' });
  t.equal((await cancel(given.id)).status, 200);
  t.match(await cancel(given.id), notCancellable);
  app.clock.advance('PT15M');
  t.match(await cancel(waiting.id), notCancellable, 'its hold is over');
  await app.runJob('expire-due-bookings');
  t.match(await cancel(waiting.id), notCancellable);
  app.clock.set('2037-03-02T09:00:00Z');
  t.match(await cancel(paid), notCancellable, 'it starts now');
  t.equal(app.published('BookingCancelled').length, 1);
});

t.test('booking-not-found: unknown, or somebody else’s', async (t) => {
  await using app = await startBooking();
  const { id } = await book(app);
  const notFound = { status: 404, body: { type: 'https://parkwise.dev/problems/booking-not-found' } };
  t.match(await app.as(driver).cancelBooking({ path: { bookingId: randomUUID() }, body: {} }), notFound);
  t.match(await app.as(aDriver()).cancelBooking({ path: { bookingId: id }, body: {} }), notFound);
  t.equal((await app.as(provider).cancelBooking({ path: { bookingId: id }, body: {} })).status as number, 403);
  t.same(app.published('BookingCancelled'), []);
});

t.test('a repeated key gets the same answer, and nothing is cancelled twice', async (t) => {
  await using app = await startBooking();
  const call = { path: { bookingId: await bookAndPay(app) }, body: {}, headers: { 'Idempotency-Key': randomUUID() } };
  const first = await app.as(driver).cancelBooking(call);
  app.clock.advance('PT22H');
  const again = await app.as(driver).cancelBooking(call);
  t.same([again.status, again.body], [200, first.body]);
  t.equal(app.published('BookingCancelled').length, 1);
});

t.test('of many cancellations at once one is made', async (t) => {
  await using app = await startBooking();
  const bookingId = await bookAndPay(app);
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => app.as(driver).cancelBooking({ path: { bookingId }, body: {} })),
  );
  t.same(answers.map(({ status }) => status).toSorted(), [200, ...Array.from({ length: 19 }, () => 409)]);
  t.equal(app.published('BookingCancelled').length, 1);
});
