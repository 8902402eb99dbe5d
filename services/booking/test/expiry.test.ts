import t from 'tap';
import { aDriver, book, driver, startBooking, statusOf } from './a-service.ts';

t.test('a booking that nobody pays expires when its time has come, and not before', async (t) => {
  await using app = await startBooking();
  const { id } = await book(app);
  app.clock.advance(15 * 60_000 - 1);
  await app.runJob('expire-due-bookings');
  t.equal(await statusOf(app, id), 'PENDING_PAYMENT');
  app.clock.advance(1);
  await app.runJob('expire-due-bookings');
  t.equal(await statusOf(app, id), 'EXPIRED');
  t.match(app.publishedMessages.at(-1), {
    name: 'BookingExpired',
    key: id,
    sequence: 2,
    data: { bookingId: id, reason: 'paymentTimeout', expiredAt: '2037-03-01T10:15:00.000Z' },
  });
  const history = await app.as(driver).getBookingHistory({ path: { bookingId: id } });
  t.match(history.body, { entries: [{ status: 'PENDING_PAYMENT' }, { status: 'EXPIRED', by: 'clock' }] });
  await app.runJob('expire-due-bookings');
  t.equal(app.published('BookingExpired').length, 1);
  await book(app, {}, aDriver());
});

t.test('the window is free from the moment of expiry, even before the job comes round', async (t) => {
  await using app = await startBooking();
  const { id } = await book(app);
  app.clock.advance('PT15M');
  const other = aDriver();
  const { id: next } = await book(app, {}, other);
  t.equal(await statusOf(app, id), 'EXPIRED');
  t.equal(await statusOf(app, next, other), 'PENDING_PAYMENT');
  t.same(
    app.publishedMessages.map(({ name, key }) => [name, key]),
    [
      ['BookingRequested', id],
      ['BookingExpired', id],
      ['BookingRequested', next],
    ],
  );
});
