import { randomUUID } from 'node:crypto';
import t from 'tap';
import { aBooking, aService, driver, offered, tell } from './a-service.ts';
import type { Service } from './a-service.ts';

const [from, to] = ['2026-03-02T09:00:00Z', '2026-03-02T11:00:00Z'];
const states = async (app: Service, spotId: string): Promise<string[]> => {
  const seen = await app.as(driver).getSpotAvailability({ path: { spotId }, query: { from, to } });
  if (seen.status !== 200) throw new Error(`answered ${seen.status}`);
  return seen.body.slots.map(({ state }) => state);
};
const told = (app: Service) => app.published('ParkingSpotAvailabilityChanged').map(({ status }) => status);

t.test('BookingRequested takes the window, and those who watch are told', async (t) => {
  await using app = await aService();
  const spot = await offered(app);
  await tell(app, aBooking(spot.id, from, to)).requested();
  t.strictSame(await states(app, spot.id), ['BOOKED']);
  t.strictSame(app.published('ParkingSpotAvailabilityChanged'), [
    {
      spotId: spot.id,
      providerId: spot.providerId,
      location: spot.location,
      status: 'RESERVED',
      startsAt: from,
      endsAt: to,
      changedAt: '2026-03-01T08:10:00Z',
    },
  ]);
  t.match(app.publishedMessages.at(-1), { key: spot.id, sequence: 2 });
});

t.test('BookingConfirmed keeps the window, without a word', async (t) => {
  await using app = await aService();
  const spot = await offered(app);
  const booking = tell(app, aBooking(spot.id, from, to));
  await booking.requested();
  await booking.confirmed();
  t.strictSame(await states(app, spot.id), ['BOOKED']);
  t.strictSame(told(app), ['RESERVED']);
});

t.test('BookingCancelled frees the window', async (t) => {
  await using app = await aService();
  const spot = await offered(app);
  const booking = tell(app, aBooking(spot.id, from, to));
  await booking.requested();
  await booking.confirmed();
  await booking.cancelled();
  t.strictSame(await states(app, spot.id), ['FREE']);
  t.strictSame(told(app), ['RESERVED', 'AVAILABLE']);
});

t.test('BookingExpired frees the window', async (t) => {
  await using app = await aService();
  const spot = await offered(app);
  const booking = tell(app, aBooking(spot.id, from, to));
  await booking.requested();
  await booking.expired();
  t.strictSame(await states(app, spot.id), ['FREE']);
  t.strictSame(told(app), ['RESERVED', 'AVAILABLE']);
});

t.test('what comes twice, or after what followed it, changes nothing', async (t) => {
  await using app = await aService();
  const spot = await offered(app);
  const booking = tell(app, aBooking(spot.id, from, to));
  await booking.requested();
  await booking.requested();
  t.strictSame(told(app), ['RESERVED'], 'another event with the same place');
  await booking.cancelled();
  await booking.confirmed();
  t.strictSame(await states(app, spot.id), ['FREE'], 'a confirmation that comes after the cancellation');
  t.strictSame(told(app), ['RESERVED', 'AVAILABLE']);
});

t.test('a cancellation that comes before its request leaves the window free', async (t) => {
  await using app = await aService();
  const spot = await offered(app);
  const booking = tell(app, aBooking(spot.id, from, to));
  await booking.cancelled();
  await booking.requested();
  t.strictSame(await states(app, spot.id), ['FREE']);
  t.strictSame(told(app), []);
});

t.test('a booking of a spot that is not known, or is gone, harms nobody', async (t) => {
  await using app = await aService();
  const unknown = tell(app, aBooking(randomUUID(), from, to));
  await unknown.requested();
  await unknown.expired();
  t.strictSame(told(app), []);

  const spot = await offered(app);
  const booking = tell(app, aBooking(spot.id, from, to));
  await booking.requested();
  app.clock.set('2026-03-03T00:00:00Z');
  const path = { spotId: spot.id };
  const user = { sub: spot.providerId, scopes: ['spots:write'], roles: ['provider'] };
  t.equal((await app.as(user).deleteSpot({ path, headers: { 'If-Match': '"v1"' } })).status, 204);
  await booking.cancelled();
  t.strictSame(told(app), ['RESERVED']);
});
