import { randomUUID } from 'node:crypto';
import t from 'tap';
import { aPayment, book, driver, quote, startBooking, statusOf, type RunningBooking } from './a-service.ts';

const failedPayment = (bookingId: string) => ({
  paymentId: randomUUID(),
  bookingId,
  amount: quote.price,
  reason: 'cardDeclined' as const,
  failedAt: '2037-03-01T10:01:00Z',
});
const names = (app: RunningBooking): readonly string[] => app.publishedMessages.map(({ name }) => name);

t.test('a payment confirms its booking', async (t) => {
  await using app = await startBooking();
  const { id } = await book(app);
  app.clock.advance('PT2M');
  const payment = aPayment(id);
  await app.deliver.paymentProcessed(payment);
  t.equal(await statusOf(app, id), 'CONFIRMED');
  t.match(app.publishedMessages.at(-1), {
    name: 'BookingConfirmed',
    key: id,
    sequence: 2,
    data: { bookingId: id, price: quote.price, paymentId: payment.paymentId, confirmedAt: '2037-03-01T10:02:00.000Z' },
  });
  app.clock.advance('P1D');
  await app.runJob('expire-due-bookings');
  t.equal(await statusOf(app, id), 'CONFIRMED', 'what is paid does not expire');
});

t.test('the same payment, told again as the same message or as another, has one effect', async (t) => {
  await using app = await startBooking();
  const { id } = await book(app);
  const payment = aPayment(id);
  const messageId = randomUUID();
  await app.deliver.paymentProcessed(payment, { id: messageId });
  await app.deliver.paymentProcessed(payment, { id: messageId });
  await app.deliver.paymentProcessed(payment);
  await app.deliver.paymentProcessed(aPayment(id));
  t.same(names(app), ['BookingRequested', 'BookingConfirmed']);
});

t.test('another amount or currency confirms nothing; the right one still does', async (t) => {
  await using app = await startBooking();
  const { id } = await book(app);
  await app.deliver.paymentProcessed(aPayment(id, { amount: 600, currency: 'EUR' }));
  await app.deliver.paymentProcessed(aPayment(id, { amount: 602, currency: 'EUR' }));
  await app.deliver.paymentProcessed(aPayment(id, { amount: 601, currency: 'USD' }));
  t.equal(await statusOf(app, id), 'PENDING_PAYMENT');
  await app.deliver.paymentProcessed(aPayment(id));
  t.equal(await statusOf(app, id), 'CONFIRMED');
});

t.test('a payment that comes too late leaves the booking expired, whether or not the job has come round', async (t) => {
  await using app = await startBooking();
  const { id } = await book(app);
  app.clock.advance('PT15M');
  await app.deliver.paymentProcessed(aPayment(id));
  await app.runJob('expire-due-bookings');
  t.equal(await statusOf(app, id), 'EXPIRED');
  await app.deliver.paymentProcessed(aPayment(id));
  t.equal(await statusOf(app, id), 'EXPIRED');
  t.same(names(app), ['BookingRequested', 'BookingExpired']);
});

t.test('a payment for a cancelled or an unknown booking changes nothing', async (t) => {
  await using app = await startBooking();
  const { id } = await book(app);
  await app.as(driver).cancelBooking({ path: { bookingId: id }, body: {} });
  await app.deliver.paymentProcessed(aPayment(id));
  await app.deliver.paymentProcessed(aPayment(randomUUID()));
  t.equal(await statusOf(app, id), 'CANCELLED');
  t.same(names(app), ['BookingRequested', 'BookingCancelled']);
});

t.test('a failed payment frees the window at once', async (t) => {
  await using app = await startBooking();
  const { id } = await book(app);
  await app.deliver.paymentFailed(failedPayment(id));
  t.equal(await statusOf(app, id), 'EXPIRED');
  t.match(app.publishedMessages.at(-1), {
    name: 'BookingExpired',
    key: id,
    sequence: 2,
    data: { bookingId: id, reason: 'paymentFailed' },
  });
  t.not((await book(app)).id, id);
});

t.test('a failed payment does no harm to what is paid, given back or unknown', async (t) => {
  await using app = await startBooking();
  const { id } = await book(app);
  await app.deliver.paymentProcessed(aPayment(id));
  await app.deliver.paymentFailed(failedPayment(id));
  await app.deliver.paymentFailed(failedPayment(randomUUID()));
  t.equal(await statusOf(app, id), 'CONFIRMED');
  await app.as(driver).cancelBooking({ path: { bookingId: id }, body: {} });
  await app.deliver.paymentFailed(failedPayment(id));
  t.equal(await statusOf(app, id), 'CANCELLED');
  t.same(names(app), ['BookingRequested', 'BookingConfirmed', 'BookingCancelled']);
});
