import { randomUUID } from 'node:crypto';
import t from 'tap';
import { aBooking, aService, driver, offered, otherProvider, provider, tell } from './a-service.ts';
import type { Service } from './a-service.ts';

const [from, to] = ['2026-03-02T06:00:00Z', '2026-03-02T18:00:00Z'];
const [startsAt, endsAt] = ['2026-03-02T09:00:00Z', '2026-03-02T11:00:00Z'];
const sol = { latitude: 40.4168, longitude: -3.7038, from, to };

const watchArea = (app: Service, query: Partial<typeof sol> & { radius?: number; version?: string } = {}) =>
  app.watch(driver).areaAvailability({ query: { ...sol, ...query } });
const watchSpot = (app: Service, spotId: string, version?: number, user: typeof driver = driver) =>
  app
    .watch(user)
    .spotAvailability({ parameters: { spotId }, query: { from, to, ...(version !== undefined && { version }) } });
const at = (latitude: number, longitude: number) => ({
  location: { type: 'Point' as const, coordinates: [longitude, latitude] as [number, number] },
});

t.test('who watches a spot is told the whole, then each change of its windows', async (t) => {
  await using app = await aService();
  const spot = await offered(app, { openingHours: { weekly: [{ days: ['MON'], from: '08:00', to: '19:00' }] } });
  const early = tell(app, aBooking(spot.id, '2026-03-02T07:00:00Z', '2026-03-02T08:00:00Z'));
  await early.requested();
  await using seen = await watchSpot(app, spot.id);
  const whole = await seen.next('SpotAvailability');
  t.strictSame(whole.data, {
    spotId: spot.id,
    timeZone: 'Europe/Madrid',
    closed: [{ startsAt: from, endsAt: '2026-03-02T07:00:00Z' }],
    occupied: [{ status: 'RESERVED', startsAt: '2026-03-02T07:00:00Z', endsAt: '2026-03-02T08:00:00Z' }],
  });
  const booking = tell(app, aBooking(spot.id, startsAt, endsAt));
  await booking.requested();
  await booking.confirmed();
  await booking.cancelled();
  const path = { spotId: spot.id };
  const block = { from: '2026-03-02T12:00:00Z', to: '2026-03-02T13:00:00Z' };
  await app.as(provider).blockSpot({ path, body: block });
  const changes = [await seen.next(), await seen.next(), await seen.next()];
  t.strictSame(
    changes.map(({ message, data }) => (message === 'SpotWindowChanged' ? [data.status, data.startsAt] : message)),
    [
      ['RESERVED', startsAt],
      ['AVAILABLE', startsAt],
      ['BLOCKED', block.from],
    ],
  );
  const versions = changes.map((change) => ('version' in change ? change.version - whole.version : undefined));
  t.strictSame(versions, [1, 2, 3]);
});

t.test('what is outside of the window that is watched is not told', async (t) => {
  await using app = await aService();
  const spot = await offered(app);
  await using seen = await watchSpot(app, spot.id);
  await using area = await watchArea(app);
  await tell(app, aBooking(spot.id, '2026-03-05T09:00:00Z', '2026-03-05T11:00:00Z')).requested();
  await tell(app, aBooking(spot.id, startsAt, endsAt)).requested();
  t.match(await seen.next('SpotWindowChanged'), { data: { startsAt } });
  t.match(await area.next('AreaWindowChanged'), { data: { startsAt } });
});

t.test('who comes back is told what was missed, in between or at once', async (t) => {
  await using app = await aService();
  const spot = await offered(app);
  const seen = await watchSpot(app, spot.id);
  const { version } = await seen.next('SpotAvailability');
  const area = await watchArea(app);
  const { version: inArea } = await area.next('AreaAvailability');
  await Promise.all([seen.close(), area.close()]);
  const booking = tell(app, aBooking(spot.id, startsAt, endsAt));
  await booking.requested();
  await booking.expired();
  await using again = await watchSpot(app, spot.id, version);
  t.match(
    [await again.next(), await again.next(), await again.next()],
    [
      { message: 'SpotWindowChanged', data: { status: 'RESERVED' }, version: version + 1 },
      { message: 'SpotWindowChanged', data: { status: 'AVAILABLE' }, version: version + 2 },
      { message: 'LiveUpdates', data: { state: 'current' } },
    ],
  );
  await using areaAgain = await watchArea(app, { version: inArea });
  t.match(
    [await areaAgain.next(), await areaAgain.next(), await areaAgain.next()],
    [
      { message: 'AreaWindowChanged', data: { spotId: spot.id, status: 'RESERVED' } },
      { message: 'AreaWindowChanged', data: { spotId: spot.id, status: 'AVAILABLE' } },
      { message: 'LiveUpdates' },
    ],
  );
});

t.test('an area shows the spots within it, as they come, change and go', async (t) => {
  await using app = await aService();
  const near = await offered(app);
  await offered(app, at(40.5, -3.7));
  await offered(app, { status: 'UNLISTED' });
  await tell(app, aBooking(near.id, startsAt, endsAt)).requested();
  await using area = await watchArea(app);
  const whole = await area.next('AreaAvailability');
  t.match(whole.data.spots, [
    { spotId: near.id, title: near.title, occupied: [{ status: 'RESERVED', startsAt, endsAt }] },
  ]);
  t.equal(whole.data.spots.length, 1);

  const other = await offered(app, { ...at(40.4169, -3.7039), title: 'Yard' });
  t.match(await area.next(), { message: 'AreaSpotShown', data: { spotId: other.id, occupied: [] } });
  await offered(app, at(40.43, -3.72));
  const change = async (
    spotId: string,
    etag: string,
    body: Parameters<ReturnType<Service['as']>['updateSpot']>[0]['body'],
  ) => {
    const changed = await app.as(provider).updateSpot({ path: { spotId }, headers: { 'If-Match': etag }, body });
    t.equal(changed.status, 200);
  };
  await change(near.id, '"v1"', { title: 'Wider spot' });
  t.match(await area.next(), {
    message: 'AreaSpotShown',
    data: { spotId: near.id, title: 'Wider spot', occupied: [{ status: 'RESERVED', startsAt, endsAt }] },
  });
  await change(other.id, '"v1"', at(40.6, -3.9));
  t.match(await area.next(), { message: 'AreaSpotHidden', data: { spotId: other.id } });
  await change(near.id, '"v2"', { status: 'UNLISTED' });
  t.match(await area.next(), { message: 'AreaSpotHidden', data: { spotId: near.id } });
});

t.test('a provider changes a spot: who watches it gets the whole, or is told that it is gone', async (t) => {
  await using app = await aService();
  const spot = await offered(app);
  const path = { spotId: spot.id };
  await using seen = await watchSpot(app, spot.id);
  await using own = await watchSpot(app, spot.id, undefined, provider);
  await Promise.all([seen.next('SpotAvailability'), own.next('SpotAvailability')]);
  const openingHours = { weekly: [{ days: ['MON' as const], from: '10:00', to: '24:00' }] };
  await app.as(provider).updateSpot({ path, headers: { 'If-Match': '"v1"' }, body: { openingHours } });
  t.match(await seen.next(), {
    message: 'SpotAvailability',
    data: { closed: [{ startsAt: from, endsAt: '2026-03-02T09:00:00Z' }] },
  });
  await app.as(provider).updateSpot({ path, headers: { 'If-Match': '"v2"' }, body: { status: 'UNLISTED' } });
  t.match(await seen.closed, { code: 4404 });
  t.match(await own.next(), { message: 'SpotAvailability' }, 'its provider still sees it');
  app.clock.set('2026-03-04T00:00:00Z');
  t.equal((await app.as(provider).deleteSpot({ path, headers: { 'If-Match': '"v3"' } })).status, 204);
});

t.test('strangers, people without the scope, and those who ask for what is not theirs', async (t) => {
  await using app = await aService();
  const hidden = await offered(app, { status: 'UNLISTED' });
  const call = { parameters: { spotId: hidden.id }, query: { from, to } };
  const area = { query: sol };
  const scopeless = { ...driver, scopes: ['bookings:read'] };
  t.equal((await app.watch().areaAvailability(area)).status, 401);
  t.equal((await app.watch().spotAvailability(call)).status, 401);
  t.equal((await app.watch(scopeless).areaAvailability(area)).status, 403);
  t.equal((await app.watch(scopeless).spotAvailability(call)).status, 403);
  t.equal((await app.watch(driver).spotAvailability(call)).status, 404);
  t.equal((await app.watch(otherProvider).spotAvailability(call)).status, 404);
  t.equal((await watchSpot(app, randomUUID())).status, 404);
  await using own = await app.watch(provider).spotAvailability(call);
  t.equal(own.status, 101);
});

t.test('times and places that make no sense', async (t) => {
  await using app = await aService();
  const spot = await offered(app);
  const invalid = { status: 400, body: { type: 'urn:parkwise:problem:invalid-request' } };
  t.match(await watchArea(app, { from: to, to: from }), invalid);
  t.match(await watchArea(app, { from, to: '2026-05-02T18:00:00Z' }), invalid);
  t.match(await watchArea(app, { latitude: 86 }), invalid);
  t.match(await watchArea(app, { radius: 3001 }), invalid);
  t.match(await watchArea(app, { from: 'soon' }), invalid);
  await using north = await watchArea(app, { latitude: 85, radius: 3000 });
  t.strictSame((await north.next('AreaAvailability')).data.spots, []);
  const call = { parameters: { spotId: spot.id }, query: { from: to, to: from } };
  t.match(await app.watch(driver).spotAvailability(call), invalid);
  t.match(await watchSpot(app, 'no-id'), invalid);
});

t.test('an area on both sides of the antimeridian', async (t) => {
  await using app = await aService();
  const west = await offered(app, at(-16.8, 179.995));
  const east = await offered(app, at(-16.8, -179.995));
  await using area = await watchArea(app, { latitude: -16.8, longitude: 180, radius: 2000 });
  const { data } = await area.next('AreaAvailability');
  t.strictSame(data.spots.map(({ spotId }) => spotId).toSorted(), [west.id, east.id].toSorted());
  await tell(app, aBooking(east.id, startsAt, endsAt)).requested();
  t.match(await area.next(), { message: 'AreaWindowChanged', data: { spotId: east.id } });
  await tell(app, aBooking(west.id, startsAt, endsAt)).requested();
  t.match(await area.next(), { message: 'AreaWindowChanged', data: { spotId: west.id } });
});
