import { randomUUID } from 'node:crypto';
import t from 'tap';
import {
  aDriver,
  body,
  book,
  driver,
  provider,
  quote,
  spotId,
  startBooking,
  statusOf,
  expectStatus,
} from './a-service.ts';

const type = <const Name extends string>(name: Name) => `https://parkwise.dev/problems/${name}` as const;

t.test('a booking waits for its payment', async (t) => {
  await using app = await startBooking();
  const made = expectStatus(await app.as(driver).createBooking({ body: { ...body, vehiclePlate: '1234 BCD' } }), 201);
  t.match(made.body, {
    ...body,
    driverId: driver.sub,
    providerId: provider.sub,
    vehiclePlate: '1234 BCD',
    status: 'PENDING_PAYMENT',
    price: quote.price,
    cancellationPolicy: quote.cancellationPolicy,
    expiresAt: '2037-03-01T10:15:00.000Z',
    version: 1,
    createdAt: '2037-03-01T10:00:00.000Z',
  });
  const { id, expiresAt, createdAt, price } = made.body;
  t.match(made.headers, { location: `/v1/bookings/${id}`, etag: '"v1"' });
  const read = await app.fetch(`/v1/bookings/${id}`, {
    headers: { authorization: `Bearer ${await app.token(driver)}` },
  });
  t.same(await read.json(), made.body, 'it is where Location says');
  t.same(app.publishedMessages, [
    {
      name: 'BookingRequested',
      key: id,
      sequence: 1,
      data: {
        ...body,
        bookingId: id,
        driverId: driver.sub,
        providerId: provider.sub,
        price,
        expiresAt,
        requestedAt: createdAt,
      },
    },
  ]);
});

t.test('how long it waits is a setting', async (t) => {
  await using app = await startBooking({ env: { BOOKING_HOLD_DURATION: 'PT1H' } });
  t.equal((await book(app)).expiresAt, '2037-03-01T11:00:00.000Z');
});

t.test('the price is asked for the very window, in one spelling', async (t) => {
  const asked: unknown[] = [];
  await using app = await startBooking({
    getQuote: async ({ path, query }) => {
      asked.push({ path, query });
      return { status: 200, body: quote };
    },
  });
  await book(app, { spotId: spotId.toUpperCase(), startsAt: '2037-03-02T09:00:00Z' });
  t.same(asked, [{ path: { spotId }, query: { from: body.startsAt, to: body.endsAt } }]);
});

t.test('spot-taken: somebody else has a part of the window', async (t) => {
  await using app = await startBooking();
  await book(app);
  for (const taken of [
    body,
    { ...body, spotId: spotId.toUpperCase() },
    { ...body, startsAt: '2037-03-02T10:59:59.999Z', endsAt: '2037-03-02T12:00:00Z' },
  ]) {
    const answer = await app.as(aDriver()).createBooking({ body: taken });
    t.match(answer, { status: 409, body: { type: type('spot-taken') } });
  }
  const behind = await app
    .as(aDriver())
    .createBooking({ body: { ...body, startsAt: body.endsAt, endsAt: '2037-03-02T12:00:00Z' } });
  t.equal(behind.status, 201, 'right behind it is free');
  t.equal(app.published('BookingRequested').length, 2);
});

t.test('spot-taken: the provider keeps the spot back', async (t) => {
  const getQuote = async () =>
    ({ status: 200, body: { ...quote, available: false, unavailableReason: 'blocked' } }) as const;
  await using app = await startBooking({ getQuote });
  t.match(await app.as(driver).createBooking({ body }), { status: 409, body: { type: type('spot-taken') } });
});

t.test('what parking-lot has heard of bookings does not decide: it may be late', async (t) => {
  const getQuote = async () =>
    ({ status: 200, body: { ...quote, available: false, unavailableReason: 'booked' } }) as const;
  await using app = await startBooking({ getQuote });
  t.equal((await app.as(driver).createBooking({ body })).status, 201, 'nobody has it here');
  t.match(await app.as(driver).createBooking({ body }), { status: 409, body: { type: type('spot-taken') } });
});

t.test('outside-availability and spot-not-found are what parking-lot says', async (t) => {
  const closed = async () =>
    ({ status: 200, body: { ...quote, available: false, unavailableReason: 'closed' } }) as const;
  await using one = await startBooking({ getQuote: closed });
  t.match(await one.as(driver).createBooking({ body }), { status: 422, body: { type: type('outside-availability') } });
  const problem = { type: type('spot-not-found'), title: 'Spot not found', status: 404 } as const;
  await using other = await startBooking({ getQuote: async () => ({ status: 404, body: problem }) });
  t.match(await other.as(driver).createBooking({ body }), { status: 422, body: { type: type('spot-not-found') } });
});

t.test('invalid-window: past, backwards, too short, too long, or no moment at all', async (t) => {
  await using app = await startBooking();
  const windows = [
    { startsAt: '2037-03-01T09:59:59Z', endsAt: '2037-03-01T12:00:00Z' },
    { startsAt: '2037-03-01T10:00:00Z', endsAt: '2037-03-01T12:00:00Z' },
    { startsAt: body.endsAt, endsAt: body.startsAt },
    { startsAt: body.startsAt, endsAt: body.startsAt },
    { startsAt: body.startsAt, endsAt: '2037-03-02T09:14:59Z' },
    { startsAt: body.startsAt, endsAt: '2037-04-02T09:00:00.001Z' },
    { startsAt: '2037-12-31T23:59:60Z', endsAt: '2038-01-01T02:00:00Z' },
  ];
  for (const window of windows) {
    const answer = await app.as(driver).createBooking({ body: { spotId, ...window } });
    t.match(answer, { status: 422, body: { type: type('invalid-window') } }, `${window.startsAt} – ${window.endsAt}`);
  }
  t.same(app.publishedMessages, []);
});

t.test('invalid-window: parking-lot does not take it', async (t) => {
  const problem = { type: type('invalid-window'), title: 'Invalid window', status: 422 } as const;
  await using app = await startBooking({ getQuote: async () => ({ status: 422, body: problem }) });
  t.match(await app.as(driver).createBooking({ body }), { status: 422, body: { type: type('invalid-window') } });
});

t.test('quote-unavailable: nothing is stored, and the same key works once there is a price', async (t) => {
  let down = true;
  await using app = await startBooking({
    getQuote: async () =>
      down ? { status: 'unavailable', reason: 'timeout', detail: 'no answer' } : { status: 200, body: quote },
  });
  const headers = { 'Idempotency-Key': 'again-and-again' };
  const refused = await app.as(driver).createBooking({ body, headers });
  t.match(refused, {
    status: 503,
    body: { type: type('quote-unavailable') },
    headers: { 'retry-after': /^[1-9]\d*$/ },
  });
  t.same((await app.as(driver).listMyBookings()).body, { items: [] });
  t.same(app.publishedMessages, []);
  down = false;
  t.equal((await app.as(driver).createBooking({ body, headers })).status, 201);
});

t.test('a repeated key gets the first answer again, whatever has happened since', async (t) => {
  await using app = await startBooking();
  const headers = { 'Idempotency-Key': randomUUID() };
  const first = expectStatus(await app.as(driver).createBooking({ body, headers }), 201);
  await app.deliver.paymentFailed({ ...failed(first.body.id) });
  const again = await app.as(driver).createBooking({ body, headers });
  t.same({ status: again.status, body: again.body }, { status: 201, body: first.body });
  t.equal(again.headers['location'], first.headers['location']);
  t.equal(app.published('BookingRequested').length, 1);
  t.equal(await statusOf(app, first.body.id), 'EXPIRED');

  const other = await app.as(driver).createBooking({ body: { ...body, vehiclePlate: 'OTHER' }, headers });
  t.equal(other.status as number, 422, 'the key belongs to another request');
  const somebody = await app.as(aDriver()).createBooking({ body, headers });
  t.equal(somebody.status, 201, 'the key of somebody else is another key');
});

const failed = (bookingId: string) => ({
  paymentId: randomUUID(),
  bookingId,
  amount: quote.price,
  reason: 'cardDeclined' as const,
  failedAt: '2037-03-01T10:01:00Z',
});

t.test('a refusal is repeated as well', async (t) => {
  await using app = await startBooking();
  const { id } = await book(app);
  const headers = { 'Idempotency-Key': randomUUID() };
  t.equal((await app.as(aDriver()).createBooking({ body, headers })).status, 409);
  const other = aDriver();
  t.equal((await app.as(other).createBooking({ body, headers })).status, 409);
  await app.deliver.paymentFailed(failed(id));
  t.equal((await app.as(other).createBooking({ body, headers })).status, 409, 'this attempt has been refused');
  t.equal((await app.as(other).createBooking({ body })).status, 201, 'a new one is not');
});

t.test('of 200 who want the same window at once, exactly one gets it', async (t) => {
  await using app = await startBooking();
  const answers = await Promise.all(Array.from({ length: 200 }, () => app.as(aDriver()).createBooking({ body })));
  t.equal(answers.filter(({ status }) => status === 201).length, 1);
  t.equal(answers.filter(({ status }) => status === 409).length, 199);
  t.equal(app.published('BookingRequested').length, 1);
});

t.test('no-account: a token that names nobody who could have registered', async (t) => {
  await using app = await startBooking();
  for (const sub of ['developer', 'a\u0000b', `${randomUUID()} `]) {
    const answer = await app.as({ ...driver, sub }).createBooking({ body });
    t.match(answer, { status: 403, body: { type: type('no-account') } });
    t.same((await app.as({ ...driver, sub }).listMyBookings()).body, { items: [] });
  }
  t.same(app.publishedMessages, []);
});

t.test('only drivers with the scope may book', async (t) => {
  await using app = await startBooking();
  t.equal((await app.anonymous().createBooking({ body })).status as number, 401);
  t.equal((await app.as({ ...driver, scopes: ['bookings:read'] }).createBooking({ body })).status as number, 403);
  t.equal((await app.as({ ...driver, roles: ['provider'] }).createBooking({ body })).status as number, 403);
  t.same(app.publishedMessages, []);
});
