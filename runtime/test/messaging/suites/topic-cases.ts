/** What every transport has to do with topics: keep their limits, tell what they are like and what is in them. */
import { compareTopics } from '../../../src/messaging/compare-topics.ts';
import { caseList } from '../support/cases.ts';
import { record, withBus } from '../support/with-bus.ts';

const { cases, add } = caseList();
export const topicCases = cases;

add(
  'a record larger than its topic allows is refused; those before it are stored, those behind it are not',
  (t, transport) =>
    withBus(transport, async ({ bus, name }) => {
      const topic = name('small');
      await bus.createTopics([{ name: topic, partitions: 1, maxMessageBytes: 5_000 }]);
      const of = (length: number) => record(topic, 'x', 'v'.repeat(length));
      await t.rejects(bus.send([of(10), of(20), of(5_000), of(30)]), { name: 'RecordRefusedError', index: 2 });
      await bus.send([of(40)]);
      t.same(
        (await bus.read(topic)).map(({ value }) => value.length),
        [10, 20, 40],
      );
    }),
);

add('many records that are large together are sent all the same, in order', (t, transport) =>
  withBus(transport, async ({ bus, b }) => {
    const value = 'v'.repeat(9_000);
    await bus.send(Array.from({ length: 300 }, (_, n) => ({ ...record(b, 'x', value), headers: { n: String(n) } })));
    t.same(
      (await bus.read(b)).map(({ headers }) => Number(headers['n'])),
      Array.from({ length: 300 }, (_, n) => n),
    );
  }),
);

add('topics are described, and compared with what contracts ask for', (t, transport) =>
  withBus(transport, async ({ bus, name }) => {
    const orders = { name: name('orders'), partitions: 3, retentionMs: 60_000, maxMessageBytes: 20_000 };
    const latest = { name: name('latest'), partitions: 1, compact: true };
    await bus.createTopics([orders, latest]);
    const described = await bus.describeTopics([orders.name, latest.name, name('nowhere')]);
    t.match(
      described.toSorted((x, y) => y.name.localeCompare(x.name)),
      [orders, latest],
    );
    t.same(compareTopics([orders, latest], described), []);
    const other = [
      { ...orders, partitions: 12, retentionMs: 90_000, compact: true },
      { name: name('nowhere'), partitions: 1 },
    ];
    t.same(compareTopics(other, described), [
      { topic: orders.name, setting: 'partitions', contract: '12', actual: '3' },
      { topic: orders.name, setting: 'retentionMs', contract: '90000', actual: '60000' },
      { topic: orders.name, setting: 'compact', contract: 'true', actual: 'false' },
      { topic: name('nowhere'), setting: 'topic', contract: 'exists', actual: 'missing' },
    ]);
  }),
);

add('tail shows what is there and what comes, of the topics asked for', (t, transport) =>
  withBus(transport, async ({ bus, a, b }) => {
    await bus.send([record(a, 'x', '1'), record(b, 'x', '2')]);
    const stop = new AbortController();
    const got: string[] = [];
    for await (const one of bus.tail({ topics: [a], from: 'beginning' }, stop.signal)) {
      got.push(one.value);
      if (got.length === 1) await bus.send([record(a, 'y', '3')]);
      if (got.length === 2) stop.abort();
    }
    t.same(got, ['1', '3']);
    t.ok((await bus.topics()).includes(a));
  }),
);

add('where a group stands can be asked', (t, transport) =>
  withBus(transport, async ({ bus, b, g }) => {
    await bus.send([record(b, 'x', '1'), record(b, 'x', '2'), record(b, 'x', '3')]);
    const enough = Promise.withResolvers<void>();
    const subscription = await bus.subscribe({
      group: g,
      topics: [b],
      handle: async ({ value }) => {
        if (value !== '3') return;
        enough.resolve();
        throw new Error('never');
      },
    });
    await enough.promise;
    await subscription.stop(0);
    t.same(await bus.lag(g), [{ topic: b, partition: 0, committed: 2, end: 3 }]);
  }),
);
