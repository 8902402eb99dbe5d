import t from 'tap';
import { aBooking, aService, driver, newSpot, offered, otherProvider, problem, provider, tell } from './a-service.ts';

const missing = { path: { spotId: '018f3c30-2d4e-7a5b-8c6d-2b3c4d5e6fff' } };
const v = (version: number) => ({ 'If-Match': `"v${version}"` });

t.test('a spot is read with its entity tag', async (t) => {
  await using app = await aService();
  const spot = await offered(app);
  const read = await app.as(driver).getSpot({ path: { spotId: spot.id } });
  t.match(read, { status: 200, headers: { etag: '"v1"' } });
  t.strictSame(read.body, spot);
  t.match(await app.as(driver).getSpot(missing), { status: 404, body: problem('spot-not-found') });
});

t.test('a change merges what is given, and everybody is told', async (t) => {
  await using app = await aService();
  const spot = await offered(app, {
    description: 'Steep.',
    pricing: { ...newSpot.pricing, demand: { occupancyPercent: 80, percent: 130 } },
  });
  app.clock.advance('PT1H');
  const body = {
    status: 'UNLISTED' as const,
    description: null,
    pricing: { basePricePerHour: { amount: 300, currency: 'EUR' }, demand: null },
  };
  const changed = await app.as(provider).updateSpot({ path: { spotId: spot.id }, headers: v(1), body });
  const { description: _description, ...kept } = spot;
  t.equal(changed.status, 200);
  t.strictSame(changed.body, {
    ...kept,
    status: 'UNLISTED',
    pricing: { basePricePerHour: { amount: 300, currency: 'EUR' } },
    version: 2,
    updatedAt: '2026-03-01T09:10:00Z',
  });
  t.equal(changed.headers['etag'], '"v2"');
  t.match(app.published('ParkingSpotUpdated'), [
    { spotId: spot.id, status: 'UNLISTED', basePricePerHour: { amount: 300 }, updatedAt: '2026-03-01T09:10:00Z' },
  ]);
  t.match(await app.as(driver).getSpot({ path: { spotId: spot.id } }), { status: 404 }, 'drivers see it no more');
  t.match(await app.as(provider).getSpot({ path: { spotId: spot.id } }), { status: 200 });

  const again = { path: { spotId: spot.id }, headers: v(2), body: { status: 'LISTED' as const } };
  t.equal((await app.as(provider).updateSpot(again)).status, 200);
  t.match(
    app.publishedMessages.map(({ name, sequence }) => [name, sequence]),
    [
      ['ParkingSpotListed', 1],
      ['ParkingSpotUpdated', 2],
      ['ParkingSpotUpdated', 3],
      ['ParkingSpotListed', 4],
    ],
  );
});

t.test('a change of another version, of what is not there, or of what is not one’s own is refused', async (t) => {
  await using app = await aService();
  const spot = await offered(app);
  const path = { spotId: spot.id };
  const body = { title: 'Mine' };
  t.match(await app.as(provider).updateSpot({ path, headers: v(9), body }), {
    status: 412,
    body: problem('stale-version'),
  });
  t.match(await app.as(provider).updateSpot({ ...missing, headers: v(1), body }), {
    status: 404,
    body: problem('spot-not-found'),
  });
  t.match(await app.as(otherProvider).updateSpot({ path, headers: v(1), body }), { status: 404 });
  t.match(await app.as(driver).getSpot({ path }), { body: spot });
});

t.test('of two changes of one version, one is made', async (t) => {
  await using app = await aService();
  const path = { spotId: (await offered(app)).id };
  const answers = await Promise.all(
    ['a', 'b', 'c', 'd'].map((title) => app.as(provider).updateSpot({ path, headers: v(1), body: { title } })),
  );
  t.strictSame(answers.map(({ status }) => status).toSorted(), [200, 412, 412, 412]);
  t.equal(app.published('ParkingSpotUpdated').length, 1);
});

t.test('a change that makes a contradiction is refused', async (t) => {
  await using app = await aService();
  const path = { spotId: (await offered(app)).id };
  const night = { days: ['FRI' as const], from: '22:00', to: '02:00' };
  const cases = [
    ['invalid-opening-hours', { openingHours: { weekly: [night] } }],
    ['invalid-pricing-rules', { pricing: { rules: [{ ...night, percent: 150 }] } }],
    ['unknown-time-zone', { timeZone: 'Europe/Atlantis' }],
    [
      'invalid-cancellation-policy',
      { cancellationPolicy: { fullRefundHours: 2, partialRefundHours: 24, partialRefundPercent: 50 } },
    ],
  ] as const;
  for (const [name, body] of cases) {
    const answer = await app.as(provider).updateSpot({ path, headers: v(1), body: body as { title?: string } });
    t.equal(answer.status, 422);
    t.match(answer.body, problem(name));
  }
  t.match(await app.as(provider).getSpot({ path }), { body: { version: 1 } });
});

t.test('a spot is removed for good, with its blocks, and everybody is told', async (t) => {
  await using app = await aService();
  const path = { spotId: (await offered(app)).id };
  const window = { from: '2026-03-05T06:00:00Z', to: '2026-03-05T18:00:00Z' };
  t.equal((await app.as(provider).blockSpot({ path, body: window })).status, 201);
  t.equal((await app.as(provider).deleteSpot({ path, headers: v(1) })).status, 204);
  t.equal((await app.as(provider).getSpot({ path })).status, 404);
  t.match(app.published('ParkingSpotUpdated'), [{ spotId: path.spotId, status: 'REMOVED' }]);
  t.match(await app.as(provider).deleteSpot({ path, headers: v(1) }), { status: 404, body: problem('spot-not-found') });
});

t.test('a spot is not removed at another version, by a stranger, or before its bookings are over', async (t) => {
  await using app = await aService();
  const path = { spotId: (await offered(app)).id };
  const remove = () => app.as(provider).deleteSpot({ path, headers: v(1) });
  t.match(await app.as(provider).deleteSpot({ path, headers: v(9) }), { status: 412, body: problem('stale-version') });
  t.match(await app.as(otherProvider).deleteSpot({ path, headers: v(1) }), { status: 404 });

  const booking = tell(app, aBooking(path.spotId, '2026-03-02T09:00:00Z', '2026-03-02T11:00:00Z'));
  await booking.requested();
  t.match(await remove(), { status: 409, body: problem('spot-has-bookings') });
  await booking.confirmed();
  t.match(await remove(), { status: 409, body: problem('spot-has-bookings') });
  app.clock.set('2026-03-02T10:59:59Z');
  t.equal((await remove()).status, 409);
  app.clock.set('2026-03-02T11:00:00Z');
  t.equal((await remove()).status, 204, 'the booking is over');
});

t.test('a spot whose bookings were given back can be removed', async (t) => {
  await using app = await aService();
  const path = { spotId: (await offered(app)).id };
  const booking = tell(app, aBooking(path.spotId, '2026-03-02T09:00:00Z', '2026-03-02T11:00:00Z'));
  await booking.requested();
  await booking.cancelled();
  t.equal((await app.as(provider).deleteSpot({ path, headers: v(1) })).status, 204);
});
