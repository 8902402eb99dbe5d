/** `parkwise up --scale` on SQLite, with a Redis between the processes of a service. */
import { randomBytes } from 'node:crypto';
import { createClient } from '@redis/client';
import t from 'tap';
import { redis } from '../../runtime/test/backends.ts';
import { areaAvailability } from '../../services/parking-lot/src/generated/live-client.ts';
import { offerSpot } from '../platform/offer-spot.ts';
import { register } from '../platform/people.ts';
import { startPlatform } from '../platform/start-platform.ts';
import { windowIn } from '../platform/windows.ts';
import { listen } from './listen.ts';

t.setTimeout(120_000);

for (const carries of ['Redis', 'the bell beside the file']) {
  await t.test(`a change reaches clients of every process by ${carries}`, { skip: redis.skip }, async (t) => {
    const namespace = `live-${randomBytes(4).toString('hex')}`;
    const watcher = createClient({ url: redis.url });
    await watcher.connect();
    t.teardown(() => watcher.destroy());
    await using platform = await startPlatform({
      demo: false,
      flags: ['--scale', 'parking-lot=2'],
      // Nothing is found by looking, so that what arrives has been carried.
      env: {
        PARKWISE_NAMESPACE: namespace,
        PARKWISE_LIVE_CHECK: 'PT100S',
        ...(carries === 'Redis' && { PARKWISE_REDIS_URL: redis.url }),
      },
    });
    const channel = `parkwise:${namespace}:parking-lot:live`;
    const listeners = await watcher.pubSubNumSub([channel]);
    t.equal(Number(listeners[channel]), carries === 'Redis' ? 2 : 0, 'processes that listen there');

    const provider = await register(platform, 'provider', 'lucia');
    const [from, to] = [windowIn(4).startsAt, windowIn(6).endsAt];
    const [longitude, latitude] = [-0.379, 39.4735];
    const watching = Array.from({ length: 8 }, () => {
      const seen = listen();
      const handle = areaAvailability(
        { query: { latitude, longitude, from, to } },
        { areaAvailability: seen.note('whole'), areaSpotShown: seen.note('shown') },
        { url: platform.url('parking-lot'), token: provider.token },
      );
      return { ...seen, handle };
    });
    t.teardown(() => watching.forEach(({ handle }) => handle.close()));
    await Promise.all(watching.map(({ first }) => first((name) => name === 'whole')));
    const { id } = await offerSpot(provider);
    await Promise.all(watching.map(({ first }) => first((name, { spotId }) => name === 'shown' && spotId === id)));
    t.pass('all are told');
  });
}
