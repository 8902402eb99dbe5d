/** A Redis that takes TLS with a password alone. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import t from 'tap';
import { makeCertificates } from '../../../e2e/backends/certificates.ts';
import { ownBackend } from '../../../e2e/backends/own-backend.ts';
import { probeRedis } from '../../src/realtime/redis-probe.ts';
import { redis } from '../backends.ts';
import { startInstance } from './support/board-service.ts';
import { join } from './support/player.ts';

const board = '/v1/boards/chess';

// What the shared one needs, this one needs, too.
t.test('TLS and a password', { skip: redis.skip, timeout: 120_000 }, async (t) => {
  const server = await ownBackend('redis', { secure: true });
  t.teardown(() => server.remove());
  await server.start();
  const folder = await mkdtemp(joinPath(tmpdir(), 'parkwise-live-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  // No hint is ever missed and filled in: what arrives has come over Redis.
  const start = (redisUrl: string) =>
    startInstance({
      databaseUrl: `sqlite:${joinPath(folder, 'boards.sqlite')}`,
      env: { PARKWISE_REDIS_URL: redisUrl, PARKWISE_NAMESPACE: namespace, PARKWISE_LIVE_CHECK: 'PT60S' },
    });
  const namespace = `test-${randomUUID().slice(0, 8)}`;
  const withUrl = (change: (url: URL) => void): string => {
    const changed = new URL(server.url);
    change(changed);
    return changed.href;
  };

  await t.test('what happens on one instance is told by another', async (t) => {
    await using one = await start(server.url);
    await using other = await start(withUrl((url) => (url.hostname = 'localhost')));
    await using bob = await join(other.port, board);
    await bob.hearsType('Board');
    await one.move('chess', 'Q', 'a1');
    await bob.hears(({ data }) => data['to'] === 'a1');
    t.notOk(
      bob.heard.some(({ data }) => data['state'] === 'delayed'),
      'at once',
    );
    await server.kill();
    await bob.hears(({ data }) => data['state'] === 'delayed');
    await server.start();
    await bob.hears(({ data }) => data['state'] === 'current');
    await one.move('chess', 'Q', 'a2');
    await bob.hears(({ data }) => data['to'] === 'a2');
    t.pass('also when it has been away');
    t.match(await probeRedis(server.url), { missingRights: [] }, 'and it can be examined');
  });

  const stranger = await makeCertificates(joinPath(folder, 'stranger'));
  const refused: Readonly<Record<string, readonly [url: string, reason: RegExp]>> = {
    'a certificate of an authority that is not known': [
      withUrl(({ searchParams }) => searchParams.delete('tlsCa')),
      /certificate/i,
    ],
    'a certificate of another authority': [
      withUrl(({ searchParams }) => searchParams.set('tlsCa', stranger.ca)),
      /certificate/i,
    ],
    'a wrong password': [withUrl((url) => (url.password = 'wrong-password')), /WRONGPASS/],
    'no password': [withUrl((url) => (url.password = '')), /NOAUTH/],
    'no TLS': [`redis://:parkwise-test-password@127.0.0.1:${server.port}`, /closed|reset|ECONNRESET|EPIPE/i],
  };
  for (const [what, [url, reason]] of Object.entries(refused)) {
    await t.test(`${what}: nothing is carried, and clients are told`, async (t) => {
      await using instance = await start(url);
      await using ann = await join(instance.port, board);
      await ann.hears(({ data }) => data['state'] === 'delayed');
      await instance.move('chess', 'K', what);
      await ann.hears(({ data }) => data['to'] === what);
      t.notMatch(JSON.stringify(instance.lines), /wrong-password|parkwise-test-password/);
      await t.rejects(probeRedis(url), { message: reason });
    });
  }
});
