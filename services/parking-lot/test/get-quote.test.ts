import t from 'tap';
import { aBooking, aService, driver, newSpot, offered, problem, provider, tell } from './a-service.ts';
import type { Service } from './a-service.ts';

const monday = { from: '2026-03-02T09:00:00Z', to: '2026-03-02T11:00:00Z' };
const quote = (app: Service, spotId: string, query = monday) => app.as(driver).getQuote({ path: { spotId }, query });

t.test('a quote says what the window costs, how that comes about, and that it can be had', async (t) => {
  await using app = await aService();
  const rules = [{ days: ['MON' as const], from: '08:00', to: '11:00', percent: 120 }];
  const spot = await offered(app, { pricing: { ...newSpot.pricing, rules } });
  const answer = await quote(app, spot.id);
  t.equal(answer.status, 200);
  t.strictSame(answer.body, {
    spotId: spot.id,
    spotVersion: 1,
    providerId: provider.sub,
    ...monday,
    available: true,
    price: { amount: 550, currency: 'EUR' },
    breakdown: [
      {
        from: '2026-03-02T09:00:00Z',
        to: '2026-03-02T10:00:00Z',
        percent: 120,
        pricePerHour: { amount: 300, currency: 'EUR' },
        amount: { amount: 300, currency: 'EUR' },
      },
      {
        from: '2026-03-02T10:00:00Z',
        to: '2026-03-02T11:00:00Z',
        percent: 100,
        pricePerHour: { amount: 250, currency: 'EUR' },
        amount: { amount: 250, currency: 'EUR' },
      },
    ],
    cancellationPolicy: newSpot.cancellationPolicy,
  });
});

t.test('a quote says why the window cannot be had', async (t) => {
  await using app = await aService();
  const closed = await offered(app, {
    openingHours: { weekly: [{ days: ['MON'], from: '07:00', to: '11:00' }] },
  });
  t.match((await quote(app, closed.id)).body, {
    available: false,
    unavailableReason: 'closed',
    price: { amount: 500 },
  });

  const blocked = await offered(app);
  await app.as(provider).blockSpot({ path: { spotId: blocked.id }, body: { ...monday, reason: 'Painting' } });
  t.match((await quote(app, blocked.id)).body, { available: false, unavailableReason: 'blocked' });

  const booked = await offered(app);
  await tell(app, aBooking(booked.id, monday.from, monday.to)).requested();
  t.match((await quote(app, booked.id)).body, { available: false, unavailableReason: 'booked' });
  const later = { from: monday.to, to: '2026-03-02T12:00:00Z' };
  t.match((await quote(app, booked.id, later)).body, { available: true }, 'the next hour is free');
});

t.test('when spots nearby are scarce, the demand price holds', async (t) => {
  await using app = await aService();
  const demand = { occupancyPercent: 50, percent: 130 };
  const spot = await offered(app, { pricing: { ...newSpot.pricing, demand } });
  const neighbour = await offered(app, { title: 'Next door' });
  t.match((await quote(app, spot.id)).body, { price: { amount: 500 } });
  await tell(app, aBooking(neighbour.id, '2026-03-02T10:00:00Z', '2026-03-02T10:30:00Z')).requested();
  t.match((await quote(app, spot.id)).body, { price: { amount: 650 }, breakdown: [{ percent: 130 }] });
});

t.test('windows that make no sense, and spots that are not there for the caller', async (t) => {
  await using app = await aService();
  const spot = await offered(app);
  const hidden = await offered(app, { status: 'UNLISTED' });
  for (const window of [
    { from: monday.to, to: monday.from },
    { from: monday.from, to: monday.from },
    { from: monday.from, to: '2026-04-02T09:00:01Z' },
    { from: '0000-03-02T09:00:00Z', to: '0000-03-02T11:00:00Z' },
  ]) {
    t.match(await quote(app, spot.id, window), { status: 422, body: problem('invalid-window') });
  }
  const dear = await offered(app, { pricing: { basePricePerHour: { amount: 99_999_999, currency: 'EUR' } } });
  t.match(await quote(app, dear.id), { status: 422, body: problem('invalid-window') }, 'more than can be charged');
  t.match(await quote(app, '018f3c30-2d4e-7a5b-8c6d-2b3c4d5e6fff'), { status: 404, body: problem('spot-not-found') });
  t.match(await quote(app, hidden.id), { status: 404 });
  t.equal((await app.as(provider).getQuote({ path: { spotId: hidden.id }, query: monday })).status, 200);
});
