import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { createClient } from '@redis/client';
import t, { type Test } from 'tap';
import { redis } from '../backends.ts';
import { startInstance, type Instance } from './support/board-service.ts';
import { join, type Player } from './support/player.ts';
import { hasRedisServer, startRedis } from './support/redis-server.ts';
import { openWay } from './support/way.ts';

t.setTimeout(180_000);

const board = '/v1/boards/chess';
/** These kill and pause a server of their own. */
const noRedis = !hasRedisServer && redis.skip;

const versionsOf = ({ heard }: Player) => heard.flatMap(({ version }) => version ?? []).map(Number);

/** Two instances of one service on one database. @param ofOne settings of the first alone */
const twoInstances = async (
  t: Test,
  env: Readonly<Record<string, string>> = {},
  ofOne: Readonly<Record<string, string>> = {},
) => {
  const folder = await mkdtemp(joinPath(tmpdir(), 'parkwise-live-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const databaseUrl = `sqlite:${joinPath(folder, 'boards.sqlite')}`;
  const namespace = `test-${randomUUID().slice(0, 8)}`;
  const options = { databaseUrl, env: { PARKWISE_NAMESPACE: namespace, ...env } };
  const one = await startInstance({ ...options, env: { ...options.env, ...ofOne } });
  const other = await startInstance(options);
  t.teardown(async () => {
    await one[Symbol.asyncDispose]();
    await other[Symbol.asyncDispose]();
  });
  return { one, other, topic: `parkwise:${namespace}:boards:live` };
};

/** Moves a piece on one instance a thousand times; how long until a client of another has heard of each. */
const measure = async (t: Test, one: Instance, other: Instance, changes: number) => {
  await using player = await join(other.port, board);
  await player.hearsType('Board');
  const took: number[] = [];
  for (let count = 0; count < changes; count += 1) {
    const heard = player.hears(({ data }) => data['to'] === `n${count}`);
    await one.move('chess', 'Q', `n${count}`);
    const committed = performance.now();
    await heard;
    took.push(performance.now() - committed);
    player.heard.splice(0, player.heard.length - 1);
  }
  took.sort((a, b) => a - b);
  const at = (share: number) => (took[Math.floor(took.length * share)] ?? NaN).toFixed(1);
  t.comment(
    `from commit to a client of another instance, ${changes} changes: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, slowest ${took.at(-1)?.toFixed(1)} ms`,
  );
  return took;
};

t.test('over Redis, what is committed on one instance reaches clients of another', { skip: redis.skip }, async (t) => {
  const { one, other } = await twoInstances(t, { PARKWISE_REDIS_URL: redis.url, PARKWISE_LIVE_CHECK: 'PT60S' });
  await using ann = await join(one.port, board, { token: 'ann' });
  await using bob = await join(other.port, board, { token: 'bob' });
  await Promise.all([ann.hearsType('Board'), bob.hearsType('Board')]);
  ann.say('Move', { piece: 'Q', to: 'a1' });
  await bob.hears(({ data }) => data['to'] === 'a1');
  bob.say('Move', { piece: 'Q', to: 'a2' });
  await ann.hears(({ data }) => data['to'] === 'a2');
  t.strictSame(versionsOf(ann), versionsOf(bob));
  const took = await measure(t, one, other, 1_000);
  t.equal(took.length, 1_000);
});

t.test('between processes on one file, a bell stands for Redis', async (t) => {
  const { one, other } = await twoInstances(t, { PARKWISE_LIVE_CHECK: 'PT60S' });
  await measure(t, one, other, 300);
  t.pass('all were heard');
});

t.test(
  'what Redis loses, doubles or mixes up is told all the same, once and in order',
  { skip: redis.skip },
  async (t) => {
    const { one, other, topic } = await twoInstances(t, {
      PARKWISE_REDIS_URL: redis.url,
      PARKWISE_LIVE_CHECK: 'PT0.5S',
    });
    await using bob = await join(other.port, board);
    const { version } = await bob.hearsType('Board');
    const disturber = createClient({ url: redis.url });
    const listener = createClient({ url: redis.url });
    await Promise.all([disturber.connect(), listener.connect()]);
    t.teardown(() => [disturber, listener].forEach((client) => client.destroy()));
    const messages: string[] = [];
    await listener.subscribe(topic, (text) => void messages.push(text));
    await one.move('chess', 'Q', 'a1');
    await bob.hears(({ data }) => data['to'] === 'a1');
    // Stored, and never announced: as if the message had been lost.
    const lost = async (to: string) => {
      await other.database.transaction(async (tx) => {
        const { feed } = JSON.parse(messages[0] ?? '{}') as { feed: string };
        const { openChangeLog } = await import('../../src/realtime/change-log.ts');
        const log = await openChangeLog(other.database, { now: () => new Date() });
        await log.append(tx, { feed, message: 'PieceMoved', data: { piece: 'Q', to } });
      });
    };
    await lost('a2');
    await one.move('chess', 'Q', 'a3');
    await bob.hears(({ data }) => data['to'] === 'a3');
    for (const text of messages.toReversed()) await disturber.publish(topic, text);
    await disturber.publish(topic, 'no change at all');
    await lost('a4');
    await bob.hears(({ data }) => data['to'] === 'a4');
    t.strictSame(
      versionsOf(bob),
      [0, 1, 2, 3, 4].map((step) => Number(version) + step),
    );
    t.strictSame(
      bob.heard.flatMap(({ type, data }) => (type === 'PieceMoved' ? [data['to']] : [])),
      ['a1', 'a2', 'a3', 'a4'],
    );
  },
);

t.test(
  'what an instance could not carry is made up for once it reaches Redis again',
  { skip: redis.skip },
  async (t) => {
    await using way = await openWay(redis.url);
    const { one, other } = await twoInstances(
      t,
      { PARKWISE_REDIS_URL: redis.url, PARKWISE_LIVE_CHECK: 'PT10M' },
      { PARKWISE_REDIS_URL: way.url },
    );
    await using ann = await join(one.port, board, { token: 'ann' });
    await using bob = await join(other.port, board, { token: 'bob' });
    await Promise.all([ann.hearsType('Board'), bob.hearsType('Board')]);
    way.cut();
    await ann.hears(({ data }) => data['state'] === 'delayed');
    await one.move('chess', 'Q', 'a1');
    way.heal();
    await bob.hears(({ data }) => data['to'] === 'a1');
    await one.move('chess', 'Q', 'a2');
    await bob.hears(({ data }) => data['to'] === 'a2');
    t.notOk(
      bob.heard.some(({ data }) => data['state'] === 'delayed'),
      'whose own instance was never cut off',
    );
  },
);

t.test('Redis gone: clients are told, miss nothing, and are told when it is back', { skip: noRedis }, async (t) => {
  await using own = await startRedis();
  const { one, other } = await twoInstances(t, { PARKWISE_REDIS_URL: own.url, PARKWISE_LIVE_CHECK: 'PT1S' });
  await using ann = await join(one.port, board, { token: 'ann' });
  await using bob = await join(other.port, board, { token: 'bob' });
  const { version } = await bob.hearsType('Board');
  const state = (wanted: string) => (heard: { type: string; data: Record<string, unknown> }) =>
    heard.type === 'Freshness' && heard.data['state'] === wanted;
  await own.kill();
  await Promise.all([ann.hears(state('delayed')), bob.hears(state('delayed'))]);
  await one.move('chess', 'Q', 'a1');
  await ann.hears(({ data }) => data['to'] === 'a1');
  t.pass('its own instance tells it at once');
  await bob.hears(({ data }) => data['to'] === 'a1');
  t.pass('the other one finds it in the log');
  await using late = await join(other.port, board, { token: 'cid' });
  await late.hears(state('delayed'));
  t.equal(late.heard[0]?.type, 'Board', 'who comes now is let in, and told as well');
  await one.move('chess', 'Q', 'a2');
  await own.start();
  await Promise.all([ann, bob, late].map((player) => player.hears(state('current'))));
  t.ok(
    bob.heard.some(({ data }) => data['to'] === 'a2'),
    'what happened before is told before all is well again',
  );
  await one.move('chess', 'Q', 'a3');
  await bob.hears(({ data }) => data['to'] === 'a3');
  t.strictSame(
    versionsOf(bob),
    [0, 1, 2, 3].map((step) => Number(version) + step),
  );
  t.notOk(JSON.stringify(other.lines).includes(own.url), 'the log does not hold its address');
});

t.test('Redis hangs: that is found out as well', { skip: noRedis }, async (t) => {
  await using own = await startRedis();
  await using instance = await startInstance({ env: { PARKWISE_REDIS_URL: own.url } });
  await using ann = await join(instance.port, board);
  await ann.hearsType('Board');
  own.pause();
  await ann.hears(({ data }) => data['state'] === 'delayed');
  await instance.move('chess', 'Q', 'a1');
  await ann.hears(({ data }) => data['to'] === 'a1');
  own.resume();
  await ann.hears(({ data }) => data['state'] === 'current');
  t.pass('and when it goes on');
});

t.test('without Redis at its start a service starts all the same', async (t) => {
  await using instance = await startInstance({ env: { PARKWISE_REDIS_URL: 'redis://:very-secret@127.0.0.1:1' } });
  await using ann = await join(instance.port, board);
  await ann.hears(({ data }) => data['state'] === 'delayed');
  await instance.move('chess', 'Q', 'a1');
  await ann.hears(({ data }) => data['to'] === 'a1');
  t.notOk(JSON.stringify(instance.lines).includes('very-secret'));
});

t.test('a log that cannot be read for a while: clients are told, and miss nothing', async (t) => {
  const { one, other } = await twoInstances(t, { PARKWISE_LIVE_CHECK: 'PT0.1S' });
  await using bob = await join(other.port, board);
  await bob.hearsType('Board');
  await other.database.transaction((tx) => tx.knex.schema.renameTable('parkwise_live_feeds', 'away'));
  await bob.hears(({ data }) => data['state'] === 'delayed');
  await other.database.transaction((tx) => tx.knex.schema.renameTable('away', 'parkwise_live_feeds'));
  await one.move('chess', 'Q', 'a1');
  await bob.hears(({ data }) => data['to'] === 'a1');
  await bob.hears(({ data }) => data['state'] === 'current');
  t.pass();
});
