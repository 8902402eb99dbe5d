import t from 'tap';
import { aBooking, aService, driver, offered, problem, provider, tell } from './a-service.ts';
import type { Service } from './a-service.ts';

const look = (app: Service, spotId: string, from: string, to: string) =>
  app.as(driver).getSpotAvailability({ path: { spotId }, query: { from, to } });

t.test('the time is shown in pieces that are free, closed, blocked or booked throughout', async (t) => {
  await using app = await aService();
  const spot = await offered(app, { openingHours: { weekly: [{ days: ['MON'], from: '07:00', to: '22:00' }] } });
  await tell(app, aBooking(spot.id, '2026-03-02T09:00:00Z', '2026-03-02T11:00:00Z')).requested();
  const block = { from: '2026-03-02T11:00:00Z', to: '2026-03-02T11:30:00Z' };
  t.equal((await app.as(provider).blockSpot({ path: { spotId: spot.id }, body: block })).status, 201);
  const answer = await look(app, spot.id, '2026-03-02T05:00:00Z', '2026-03-02T12:00:00Z');
  t.equal(answer.status, 200);
  t.strictSame(answer.body, {
    spotId: spot.id,
    timeZone: 'Europe/Madrid',
    slots: [
      { from: '2026-03-02T05:00:00Z', to: '2026-03-02T06:00:00Z', state: 'CLOSED' },
      { from: '2026-03-02T06:00:00Z', to: '2026-03-02T09:00:00Z', state: 'FREE' },
      { from: '2026-03-02T09:00:00Z', to: '2026-03-02T11:00:00Z', state: 'BOOKED' },
      { from: '2026-03-02T11:00:00Z', to: '2026-03-02T11:30:00Z', state: 'BLOCKED' },
      { from: '2026-03-02T11:30:00Z', to: '2026-03-02T12:00:00Z', state: 'FREE' },
    ],
  });
});

t.test('times that make no sense, and spots that are not there for the caller', async (t) => {
  await using app = await aService();
  const spot = await offered(app);
  const hidden = await offered(app, { status: 'UNLISTED' });
  const [from, to] = ['2026-03-02T06:00:00Z', '2026-03-02T12:00:00Z'];
  t.match(await look(app, spot.id, to, from), { status: 422, body: problem('invalid-window') });
  t.match(await look(app, spot.id, from, '2026-04-03T06:00:00Z'), { status: 422, body: problem('invalid-window') });
  t.match(await look(app, '018f3c30-2d4e-7a5b-8c6d-2b3c4d5e6fff', from, to), {
    status: 404,
    body: problem('spot-not-found'),
  });
  t.match(await look(app, hidden.id, from, to), { status: 404 });
});
