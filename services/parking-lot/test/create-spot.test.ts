import t from 'tap';
import { aService, driver, newSpot, problem, provider } from './a-service.ts';

t.test('a provider offers a spot, and everybody is told', async (t) => {
  await using app = await aService();
  const made = await app.as(provider).createSpot({ body: newSpot });
  if (made.status !== 201) throw new Error(`answered ${made.status}`);
  const { id } = made.body;
  t.strictSame(made.body, {
    ...newSpot,
    id,
    providerId: provider.sub,
    status: 'LISTED',
    amenities: [],
    photoUrls: [],
    version: 1,
    createdAt: '2026-03-01T08:10:00Z',
    updatedAt: '2026-03-01T08:10:00Z',
  });
  t.match(made.headers, { location: `/v1/spots/${id}`, etag: '"v1"' });
  t.strictSame(app.published('ParkingSpotListed'), [
    {
      spotId: id,
      providerId: provider.sub,
      title: newSpot.title,
      type: 'covered',
      location: newSpot.location,
      timeZone: 'Europe/Madrid',
      basePricePerHour: { amount: 250, currency: 'EUR' },
      listedAt: '2026-03-01T08:10:00Z',
    },
  ]);
  t.match(app.publishedMessages, [{ key: id, sequence: 1 }]);
});

t.test('all that a provider can say about a spot is kept', async (t) => {
  await using app = await aService();
  const body = {
    ...newSpot,
    status: 'UNLISTED' as const,
    description: 'Second basement. The ramp is steep.',
    amenities: ['lighting' as const, 'guarded' as const],
    photoUrls: ['https://photos.parkwise.dev/spots/montera-12.jpg'],
    pricing: {
      basePricePerHour: { amount: 250, currency: 'EUR' },
      rules: [{ days: ['MON' as const, 'TUE' as const], from: '08:00', to: '24:00', percent: 120 }],
      demand: { occupancyPercent: 80, percent: 130 },
    },
    openingHours: {
      weekly: [{ days: ['SAT' as const], from: '09:00', to: '24:00' }],
      seasons: [{ firstDay: '2026-06-01', lastDay: '2026-08-31' }],
    },
  };
  const made = await app.as(provider).createSpot({ body });
  if (made.status !== 201) throw new Error(`answered ${made.status}`);
  t.match(made.body, body);
  const read = await app.as(provider).getSpot({ path: { spotId: made.body.id } });
  t.strictSame(read.body, made.body);
  t.strictSame(app.publishedMessages, [], 'nobody is told of a spot that is not listed');
});

t.test('no-account: a token that names nobody who could have registered', async (t) => {
  await using app = await aService();
  for (const sub of ['developer', 'a\u0000b', `${provider.sub} `]) {
    const answer = await app.as({ ...provider, sub }).createSpot({ body: newSpot });
    t.match(answer, { status: 403, body: problem('no-account') });
    t.same((await app.as({ ...provider, sub }).listMySpots({})).body, { items: [] });
  }
  t.strictSame(app.publishedMessages, []);
});

t.test('a request that is sent again makes no second spot', async (t) => {
  await using app = await aService();
  const headers = { 'Idempotency-Key': 'the-same' };
  const first = await app.as(provider).createSpot({ headers, body: newSpot });
  const second = await app.as(provider).createSpot({ headers, body: newSpot });
  t.equal(second.status, 201);
  t.strictSame(second.body, first.body);
  t.equal(app.published('ParkingSpotListed').length, 1);
});

t.test('what contradicts itself or the world is refused, and nothing is stored', async (t) => {
  await using app = await aService();
  const night = { days: ['FRI' as const], from: '22:00', to: '02:00' };
  const cases = [
    ['invalid-opening-hours', { openingHours: { weekly: [night] } }],
    ['invalid-pricing-rules', { pricing: { ...newSpot.pricing, rules: [{ ...night, percent: 150 }] } }],
    ['unknown-time-zone', { timeZone: 'Europe/Atlantis' }],
    [
      'invalid-cancellation-policy',
      { cancellationPolicy: { fullRefundHours: 2, partialRefundHours: 24, partialRefundPercent: 50 } },
    ],
  ] as const;
  for (const [name, different] of cases) {
    const answer = await app.as(provider).createSpot({ body: { ...newSpot, ...different } as typeof newSpot });
    t.equal(answer.status, 422);
    t.match(answer.body, problem(name));
  }
  t.match(await app.as(provider).listMySpots({}), { body: { items: [] } });
});

t.test('drivers offer no spots', async (t) => {
  await using app = await aService();
  t.equal((await app.as({ ...driver, scopes: ['spots:write'] }).createSpot({ body: newSpot })).status, 403);
});
