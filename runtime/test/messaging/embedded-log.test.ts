import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { openEmbeddedLog } from '../../src/messaging/embedded-log.ts';
import { busCases } from './suites/bus-cases.ts';
import { consumerCases } from './suites/consumer-cases.ts';
import { retryCases } from './suites/retry-cases.ts';
import { sizeCases } from './suites/size-cases.ts';
import { topicCases } from './suites/topic-cases.ts';
import { runCases } from './support/cases.ts';
import { embeddedLog, embeddedLogInMemory } from './support/transports.ts';
import { until } from './support/until.ts';

runCases(embeddedLog, [...busCases, ...topicCases, ...consumerCases, ...retryCases, ...sizeCases]);
runCases(embeddedLogInMemory, [...busCases, ...topicCases]);

async function temporaryLog() {
  const directory = await mkdtemp(join(tmpdir(), 'log-'));
  const url = `sqlite:${join(directory, 'log.sqlite')}`;
  return { url, open: () => openEmbeddedLog(url), remove: () => rm(directory, { recursive: true, force: true }) };
}

const child = (...args: readonly string[]): ChildProcess =>
  fork(join(import.meta.dirname, 'support/log-process.ts'), args, {
    execArgv: ['--conditions=parkwise-source', '--disable-warning=ExperimentalWarning'],
  });

t.test('processes wake each other, and a killed one loses its partitions at once', async (t) => {
  const { url, remove } = await temporaryLog();
  const log = await openEmbeddedLog(url, { fallbackMs: 60_000, heartbeatMs: 50, leaseMs: 600_000 });
  await log.createTopics([{ name: 'a', partitions: 4 }]);
  const reader = child('read', url, 'a', 'g');
  await once(reader, 'message');
  const got: unknown[] = [];
  reader.on('message', (message) => got.push(message));
  await log.send([{ topic: 'a', key: 'x', headers: {}, value: '1' }]);
  await until('the other process', () => got.length === 1);
  t.same(got, ['1']);
  const exited = once(reader, 'exit');
  reader.kill('SIGKILL');
  await exited;
  const taken: string[] = [];
  await log.subscribe({ group: 'g', topics: ['a'], handle: async (one) => void taken.push(one.value) });
  await log.send([{ topic: 'a', key: 'x', headers: {}, value: '2' }]);
  await until('the takeover', () => taken.includes('2'));
  await log.close();
  await remove();
});

t.test('several processes append at once, and nothing is lost', async (t) => {
  const { url, remove, open } = await temporaryLog();
  const log = await open();
  await log.createTopics([{ name: 'a', partitions: 4 }]);
  const writers = [1, 2, 3].map((n) => child('write', url, 'a', `w${n}`, '200'));
  await Promise.all(writers.map((writer) => once(writer, 'exit')));
  const values = (await log.read('a')).map((one) => one.value);
  t.equal(new Set(values).size, 600);
  for (const n of [1, 2, 3]) {
    const mine = values.filter((value) => value.startsWith(`w${n}-`));
    t.same(
      mine,
      Array.from({ length: 200 }, (_, i) => `w${n}-${i}`),
      'in the order of the writer',
    );
  }
  await log.close();
  await remove();
});

t.test('retention and compaction', async (t) => {
  let now = new Date('2030-01-01T00:00:00Z');
  const log = await openEmbeddedLog('sqlite::memory:', { clock: { now: () => now } });
  await log.createTopics([
    { name: 'short', partitions: 1, retentionMs: 1_000 },
    { name: 'long', partitions: 1 },
    { name: 'compact', partitions: 1, compact: true },
  ]);
  const send = (topic: string, value: string) => log.send([{ topic, key: 'x', headers: {}, value }]);
  for (const topic of await log.topics()) await send(topic, 'old');
  now = new Date('2030-01-01T00:01:00Z');
  for (const topic of await log.topics()) await send(topic, 'new');
  t.equal(await log.purge(), 2);
  const values = async (topic: string) => (await log.read(topic)).map((one) => one.value);
  t.same([await values('short'), await values('long'), await values('compact')], [['new'], ['old', 'new'], ['new']]);
  const got: string[] = [];
  await log.subscribe({ group: 'g', topics: ['short'], handle: async (one) => void got.push(one.value) });
  await until('what is left', () => got.length === 1);
  t.same(got, ['new'], 'a gap does not stop the reader');
  t.match(await log.lag('g'), [{ topic: 'short', end: 2 }]);
  await log.close();
});

t.test('a log of many records is purged as a whole, while others write', async (t) => {
  let now = new Date('2030-01-01T00:00:00Z');
  const log = await openEmbeddedLog('sqlite::memory:', { clock: { now: () => now } });
  await log.createTopics([
    { name: 'short', partitions: 2, retentionMs: 1_000 },
    { name: 'compact', partitions: 2, compact: true },
  ]);
  const send = (topic: string, count: number, keys: number) =>
    log.send(
      Array.from({ length: count }, (_, n) => ({ topic, key: `k${n % keys}`, headers: {}, value: `${topic} ${n}` })),
    );
  await send('short', 1_300, 1_300);
  await send('compact', 3_000, 100);
  now = new Date('2030-01-01T00:01:00Z');
  const [gone] = await Promise.all([log.purge(), send('short', 10, 10)]);
  t.equal(gone, 1_300 + 2_900);
  t.equal((await log.read('short')).length, 10);
  const left = (await log.read('compact')).map(({ value }) => value);
  t.strictSame(
    new Set(left),
    new Set(Array.from({ length: 100 }, (_, n) => `compact ${2_900 + n}`)),
    'the latest of each key',
  );
  t.equal(await log.purge(), 0);
  await send('compact', 100, 100);
  t.equal(await log.purge(), 100, 'what came since replaces them');
  await log.close();
});

t.test('a URL that names no file is refused', async (t) => {
  await t.rejects(openEmbeddedLog('sqlite:relative.sqlite'), /must be sqlite:\/absolute\/file/);
});
