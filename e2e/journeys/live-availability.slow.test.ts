/** What happens to a spot in one service is seen at once by whoever watches it in another, through the generated client. */
import t from 'tap';
import {
  areaAvailability,
  spotAvailability,
  type AreaAvailabilityEvents,
  type LiveOptions,
} from '../../services/parking-lot/src/generated/live-client.ts';
import { listen } from '../live/listen.ts';
import { allReady, killService } from '../platform/kill.ts';
import { offerSpot } from '../platform/offer-spot.ts';
import { register } from '../platform/people.ts';
import { startPlatform } from '../platform/start-platform.ts';
import { windowIn } from '../platform/windows.ts';

t.setTimeout(240_000);

t.test('a booking is seen by whoever watches the spot or its area, also after a crash of the service', async (t) => {
  await using platform = await startPlatform({ demo: false });
  const provider = await register(platform, 'provider', 'lucia');
  const driver = await register(platform, 'driver', 'mateo');
  const spot = await offerSpot(provider);
  const { startsAt, endsAt } = windowIn(5);
  const [from, to] = [windowIn(4).startsAt, windowIn(6).endsAt];
  let tokens = 0;
  const options: LiveOptions = {
    url: platform.url('parking-lot'),
    token: async () => {
      tokens += 1;
      return driver.token;
    },
    backoff: { first: 50, longest: 500 },
  };

  const seen = listen();
  const watching = spotAvailability(
    { parameters: { spotId: spot.id }, query: { from, to } },
    {
      spotAvailability: seen.note('whole'),
      spotWindowChanged: seen.note('changed'),
      liveUpdates: seen.note('updates'),
      state: seen.state,
    },
    options,
  );
  const area = listen();
  const areaEvents: AreaAvailabilityEvents = {
    areaAvailability: area.note('whole'),
    areaWindowChanged: area.note('changed'),
    state: area.state,
  };
  const [longitude = 0, latitude = 0] = spot.location.coordinates;
  const watchingArea = areaAvailability({ query: { latitude, longitude, from, to } }, areaEvents, options);
  t.teardown(() => [watching, watchingArea].forEach((one) => one.close()));
  await Promise.all([seen.first((name) => name === 'whole'), area.first((name) => name === 'whole')]);
  t.match(area.told.find(({ name }) => name === 'whole')?.data, { spots: [{ spotId: spot.id, occupied: [] }] });

  const booked = await driver.booking.createBooking({ body: { spotId: spot.id, startsAt, endsAt } });
  t.equal(booked.status, 201);
  const reserved = (name: string, data: Record<string, unknown>) =>
    name === 'changed' && data['status'] === 'RESERVED' && data['startsAt'] === startsAt;
  await Promise.all([seen.first(reserved), area.first(reserved)]);
  t.pass('both are told');

  const before = seen.told.length;
  killService(platform, 'parking-lot');
  await seen.first((name, data) => name === 'state' && data['state'] === 'waiting', before);
  if (booked.status !== 201) throw new Error('there is no booking');
  const cancelled = await driver.booking.cancelBooking({ path: { bookingId: booked.body.id }, body: {} });
  if (cancelled.status !== 200) throw new Error(`cancelling answered ${cancelled.status}`);
  await allReady(platform);
  const freed = (name: string, data: Record<string, unknown>) =>
    name === 'changed' && data['status'] === 'AVAILABLE' && data['startsAt'] === startsAt;
  await Promise.all([seen.first(freed), area.first(freed)]);
  t.equal(seen.told.filter(({ name }) => name === 'whole').length, 1, 'it went on from where it was');
  const versions = seen.told.flatMap(({ name, version }) =>
    name === 'whole' || name === 'changed' ? Number(version) : [],
  );
  t.strictSame(
    versions,
    versions.map((_, index) => (versions[0] ?? 0) + index),
  );
  t.ok(tokens >= 3, 'a token is asked for with each connection');
});

t.test('who may not watch is told so, once', async (t) => {
  await using platform = await startPlatform({ demo: false });
  const provider = await register(platform, 'provider', 'lucia');
  const stranger = await register(platform, 'driver', 'mateo');
  const spot = await offerSpot(provider);
  const etag = spot.etag;
  const hidden = await provider.parkingLot.updateSpot({
    path: { spotId: spot.id },
    headers: { 'If-Match': etag },
    body: { status: 'UNLISTED' },
  });
  t.equal(hidden.status, 200);
  const [from, to] = [windowIn(4).startsAt, windowIn(6).endsAt];
  const attempt = async (token: string | undefined) => {
    const seen = listen();
    const handle = spotAvailability(
      { parameters: { spotId: spot.id }, query: { from, to } },
      { spotAvailability: seen.note('whole'), state: seen.state },
      { url: platform.url('parking-lot'), backoff: { first: 10 }, attempts: 2, ...(token !== undefined && { token }) },
    );
    const index = await seen.first((name, data) => name === 'whole' || data['state'] === 'closed');
    handle.close();
    return seen.told[index];
  };
  t.match(await attempt(provider.token), { name: 'whole' });
  t.match(await attempt(undefined), { name: 'state', data: { closing: { code: 1006 } } });
  t.match(await attempt('forged'), { name: 'state', data: { closing: { code: 1006 } } });
  t.match(await attempt(stranger.token), { name: 'state', data: { closing: { code: 4404 } } });
});
