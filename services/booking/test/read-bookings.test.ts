import { randomUUID } from 'node:crypto';
import t from 'tap';
import {
  aDriver,
  aPayment,
  body,
  book,
  driver,
  provider,
  quote,
  spotId,
  startBooking,
  type RunningBooking,
  expectStatus,
} from './a-service.ts';

const notFound = { status: 404, body: { type: 'https://parkwise.dev/problems/booking-not-found' } };
const invalidCursor = { status: 400, body: { type: 'https://parkwise.dev/problems/invalid-cursor' } };
const bookDay = (app: RunningBooking, day: number, user = driver) =>
  book(app, { startsAt: `2037-04-0${day}T09:00:00.000Z`, endsAt: `2037-04-0${day}T11:00:00.000Z` }, user);

t.test('getBooking: one’s own, with its tag; all others do not exist', async (t) => {
  await using app = await startBooking();
  const made = await book(app);
  const read = await app.as(driver).getBooking({ path: { bookingId: made.id } });
  t.match(read, { status: 200, body: made, headers: { etag: '"v1"' } });
  t.equal((await app.as(driver).getBooking({ path: { bookingId: made.id.toUpperCase() } })).status, 200);
  await app.deliver.paymentProcessed(aPayment(made.id));
  const paid = await app.as(driver).getBooking({ path: { bookingId: made.id } });
  t.match(paid, { status: 200, body: { status: 'CONFIRMED', version: 2 }, headers: { etag: '"v2"' } });
  t.notOk('expiresAt' in paid.body, 'nothing is waited for any more');

  t.match(await app.as(driver).getBooking({ path: { bookingId: randomUUID() } }), notFound);
  t.match(await app.as(aDriver()).getBooking({ path: { bookingId: made.id } }), notFound);
});

t.test('getBookingHistory: who changed the booking, and when; of one’s own alone', async (t) => {
  await using app = await startBooking();
  const { id: bookingId } = await book(app);
  app.clock.advance('PT2M');
  await app.deliver.paymentProcessed(aPayment(bookingId));
  app.clock.advance('PT1H');
  await app.as(driver).cancelBooking({ path: { bookingId }, body: {} });
  const read = await app.as(driver).getBookingHistory({ path: { bookingId } });
  t.equal(read.status, 200);
  t.same(read.body, {
    bookingId,
    driverId: driver.sub,
    entries: [
      { status: 'PENDING_PAYMENT', at: '2037-03-01T10:00:00.000Z', by: 'driver' },
      { status: 'CONFIRMED', at: '2037-03-01T10:02:00.000Z', by: 'payment' },
      { status: 'CANCELLED', at: '2037-03-01T11:02:00.000Z', by: 'driver' },
    ],
  });
  t.match(await app.as(driver).getBookingHistory({ path: { bookingId: randomUUID() } }), notFound);
  t.match(await app.as(aDriver()).getBookingHistory({ path: { bookingId } }), notFound);
});

t.test('listMyBookings: the one that starts last first, page by page, and nobody else’s', async (t) => {
  await using app = await startBooking();
  const ids: string[] = [];
  for (const day of [3, 1, 5, 2, 4]) ids[5 - day] = (await bookDay(app, day)).id;
  const other = aDriver();
  await bookDay(app, 6, other);

  const seen: string[][] = [];
  let cursor: string | undefined;
  do {
    const page = expectStatus(
      await app.as(driver).listMyBookings({ query: { limit: 2, ...(cursor !== undefined && { cursor }) } }),
      200,
    );
    seen.push(page.body.items.map(({ id }) => id));
    cursor = page.body.next;
  } while (cursor !== undefined);
  t.same(seen, [ids.slice(0, 2), ids.slice(2, 4), ids.slice(4)]);

  const all = await app.as(driver).listMyBookings({});
  t.same(all.status === 200 && [all.body.items.length, all.body.next], [5, undefined]);
  t.same((await app.as(aDriver()).listMyBookings({})).body, { items: [] });
});

t.test('listMyBookings: bookings that start at the same time are neither skipped nor repeated', async (t) => {
  await using app = await startBooking();
  const ids = new Set<string>();
  for (let made = 0; made < 5; made += 1) ids.add((await book(app, { spotId: randomUUID() })).id);
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = expectStatus(
      await app.as(driver).listMyBookings({ query: { limit: 1, ...(cursor !== undefined && { cursor }) } }),
      200,
    );
    seen.push(...page.body.items.map(({ id }) => id));
    cursor = page.body.next;
  } while (cursor !== undefined);
  t.same(seen.toSorted(), [...ids].toSorted());
});

t.test('listMyBookings: only those with the status that is asked for', async (t) => {
  await using app = await startBooking();
  const paid = await bookDay(app, 1);
  await bookDay(app, 2);
  await app.deliver.paymentProcessed(aPayment(paid.id));
  const confirmed = await app.as(driver).listMyBookings({ query: { status: 'CONFIRMED' } });
  t.match(confirmed, { status: 200, body: { items: [{ id: paid.id, status: 'CONFIRMED' }] } });
  t.same((await app.as(driver).listMyBookings({ query: { status: 'CANCELLED' } })).body, { items: [] });
  t.match(await app.as(driver).listMyBookings({ query: { cursor: 'made-up' } }), invalidCursor);
});

t.test('listSpotBookings: what the provider may know of a spot', async (t) => {
  await using app = await startBooking();
  const other = aDriver();
  const first = await bookDay(app, 1);
  const second = await bookDay(app, 2, other);
  await app.deliver.paymentProcessed(aPayment(first.id));
  const path = { spotId };
  const view = ({ id, startsAt, endsAt, price }: typeof first) => ({ bookingId: id, startsAt, endsAt, price });

  const all = await app.as(provider).listSpotBookings({ path: { spotId: spotId.toUpperCase() } });
  t.equal(all.status, 200);
  t.same(all.body, {
    spotId,
    providerId: provider.sub,
    items: [
      { ...view(second), status: 'PENDING_PAYMENT' },
      { ...view(first), status: 'CONFIRMED' },
    ],
  });

  const page = await app.as(provider).listSpotBookings({ path, query: { limit: 1 } });
  const cursor = expectStatus(page, 200).body.next ?? '';
  const last = await app.as(provider).listSpotBookings({ path, query: { limit: 1, cursor } });
  t.match(last, { status: 200, body: { items: [{ bookingId: first.id }] } });
  t.notOk('next' in last.body);

  const none = await app.as(provider).listSpotBookings({ path, query: { status: 'EXPIRED' } });
  t.same(none.body, { spotId, providerId: provider.sub, items: [] }, 'known, although nothing fits');
  t.match(await app.as(provider).listSpotBookings({ path, query: { cursor: 'made-up' } }), invalidCursor);
});

t.test('listSpotBookings: of others, and of spots that nobody has booked, there is nothing', async (t) => {
  const mine = randomUUID();
  await using app = await startBooking({
    getQuote: async ({ path }) => ({
      status: 200,
      body: { ...quote, providerId: path.spotId === mine ? provider.sub : randomUUID() },
    }),
  });
  const spotNotFound = { status: 404, body: { type: 'https://parkwise.dev/problems/spot-not-found' } };
  await book(app, { spotId: mine });
  await book(app, { spotId: body.spotId });
  t.equal((await app.as(provider).listSpotBookings({ path: { spotId: mine } })).status, 200);
  t.match(await app.as(provider).listSpotBookings({ path: { spotId: body.spotId } }), spotNotFound);
  t.match(await app.as(provider).listSpotBookings({ path: { spotId: randomUUID() } }), spotNotFound);
  t.equal((await app.as(driver).listSpotBookings({ path: { spotId: mine } })).status as number, 403);
});
