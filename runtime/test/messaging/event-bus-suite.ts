/** What every transport has to do, whatever it is made of: run on each of them. */
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import type { EventBus, IncomingRecord, OutgoingRecord } from '../../src/messaging/event-bus.ts';
import { until } from './support/until.ts';

/** `open` connects once more to the same transport, as another process would. */
export type OpenBus = () => Promise<{ readonly open: () => Promise<EventBus>; readonly remove: () => Promise<void> }>;

const record = (topic: string, key: string, value: string): OutgoingRecord => ({
  topic,
  key,
  headers: { h: value },
  value,
});

export function eventBusSuite(name: string, prepare: OpenBus): void {
  const withBus = async (work: (bus: EventBus, another: () => Promise<EventBus>) => Promise<void>): Promise<void> => {
    const { open, remove } = await prepare();
    const opened: EventBus[] = [];
    const another = async (): Promise<EventBus> => {
      const bus = await open();
      opened.push(bus);
      return bus;
    };
    try {
      const bus = await another();
      await bus.createTopics([
        { name: 'a', partitions: 4 },
        { name: 'b', partitions: 1 },
      ]);
      await work(bus, another);
    } finally {
      await Promise.all(opened.map((bus) => bus.close()));
      await remove();
    }
  };

  t.test(`${name}: records arrive as sent, in order within each key`, (t) =>
    withBus(async (bus) => {
      const got: IncomingRecord[] = [];
      await bus.subscribe({ group: 'g', topics: ['a', 'b'], handle: async (one) => void got.push(one) });
      const keys = ['x', 'y', 'z', 'ü'];
      for (let n = 0; n < 20; n += 1) await bus.send(keys.map((key) => record('a', key, `${key}${n}`)));
      await bus.send([{ topic: 'b', headers: {}, value: 'no key' }]);
      await until('all', () => got.length === 81);
      for (const key of keys) {
        const ofKey = got.filter((one) => one.key === key);
        t.same(
          ofKey.map((one) => one.value),
          Array.from({ length: 20 }, (_, n) => `${key}${n}`),
        );
        t.equal(new Set(ofKey.map((one) => one.partition)).size, 1, 'a key stays in its partition');
        t.match(ofKey[0], { topic: 'a', headers: { h: `${key}0` }, timestamp: Date });
      }
      t.notOk(got.find((one) => one.topic === 'b')?.key);
    }),
  );

  t.test(`${name}: a new group starts at the beginning, groups do not disturb each other`, (t) =>
    withBus(async (bus) => {
      await bus.send([record('a', 'x', '1')]);
      const got: string[] = [];
      for (const group of ['g1', 'g2']) {
        await bus.subscribe({ group, topics: ['a'], handle: async (one) => void got.push(group + one.value) });
      }
      await bus.send([record('a', 'x', '2')]);
      await until('all', () => got.length === 4);
      t.same(got.toSorted(), ['g11', 'g12', 'g21', 'g22']);
    }),
  );

  t.test(`${name}: a group goes on where it was`, (t) =>
    withBus(async (bus, another) => {
      const got: string[] = [];
      const handle = async (one: IncomingRecord) => void got.push(one.value);
      await bus.send([record('a', 'x', '1'), record('a', 'x', '2')]);
      const first = await bus.subscribe({ group: 'g', topics: ['a'], handle });
      await until('two', () => got.length === 2);
      await first.stop();
      await bus.send([record('a', 'x', '3')]);
      await (await another()).subscribe({ group: 'g', topics: ['a'], handle });
      await until('three', () => got.length === 3);
      t.same(got, ['1', '2', '3']);
    }),
  );

  t.test(`${name}: a record whose handler rejects comes again, and none behind it before`, (t) =>
    withBus(async (bus) => {
      const got: string[] = [];
      const errors: unknown[] = [];
      await bus.send([record('b', 'x', '1'), record('b', 'x', '2')]);
      await bus.subscribe({
        group: 'g',
        topics: ['b'],
        handle: async (one) => {
          got.push(one.value);
          if (got.length < 3) throw new Error('not yet');
        },
        onError: (error) => errors.push(error),
      });
      await until('all', () => got.length === 4);
      t.same(got, ['1', '1', '1', '2']);
      t.equal(errors.length, 2);
    }),
  );

  t.test(`${name}: a partition can be told to rest until a time, others go on`, (t) =>
    withBus(async (bus) => {
      const got: string[] = [];
      await bus.send([record('b', 'x', 'early')]);
      const until_ = new Date(Date.now() + 300);
      await bus.subscribe({
        group: 'g',
        topics: ['a', 'b'],
        handle: async (one) => {
          if (one.topic === 'b' && new Date() < until_) return { pauseUntil: until_ };
          got.push(one.value);
          return undefined;
        },
      });
      await bus.send([record('a', 'y', 'other')]);
      await until('both', () => got.length === 2);
      t.same(got, ['other', 'early']);
    }),
  );

  t.test(`${name}: members of a group share the partitions; each record goes to one of them`, (t) =>
    withBus(async (bus, another) => {
      const got: { readonly member: number; readonly value: string; readonly partition: number }[] = [];
      const join = async (from: EventBus, member: number) =>
        from.subscribe({
          group: 'g',
          topics: ['a'],
          handle: async (one) => void got.push({ member, value: one.value, partition: one.partition }),
        });
      const first = await join(bus, 1);
      await join(await another(), 2);
      let sent = 0;
      const send = async (): Promise<void> => {
        await bus.send(
          [0, 1, 2, 3].map((partition) => ({ topic: 'a', partition, headers: {}, value: String((sent += 1)) })),
        );
      };
      await until('both work', async () => {
        await send();
        await sleep(20);
        return new Set(got.slice(-8).map((one) => one.member)).size === 2;
      });
      await until('all', () => got.length >= sent);
      t.equal(new Set(got.map((one) => one.value)).size, sent);
      await first.stop();
      const before = sent;
      await send();
      await until('the other takes over', () => new Set(got.map((one) => one.value)).size === sent);
      t.ok(got.filter((one) => Number(one.value) > before).every((one) => one.member === 2));
    }),
  );

  t.test(`${name}: stopping waits for the record that is being handled, then leaves the rest`, (t) =>
    withBus(async (bus) => {
      const entered = Promise.withResolvers<void>();
      const leave = Promise.withResolvers<void>();
      const got: string[] = [];
      await bus.send([record('b', 'x', '1'), record('b', 'x', '2')]);
      const subscription = await bus.subscribe({
        group: 'g',
        topics: ['b'],
        handle: async (one) => {
          entered.resolve();
          await leave.promise;
          got.push(one.value);
        },
      });
      await entered.promise;
      const stopped = subscription.stop();
      leave.resolve();
      await stopped;
      t.same(got, ['1']);
      await bus.subscribe({ group: 'g', topics: ['b'], handle: async (one) => void got.push(one.value) });
      await until('the rest', () => got.length === 2);
      t.same(got, ['1', '2']);
    }),
  );

  t.test(`${name}: a topic that nobody created is named in the error`, (t) =>
    withBus(async (bus) => {
      await t.rejects(bus.send([record('nowhere', 'x', '1')]), /"nowhere" does not exist/);
      await t.rejects(bus.subscribe({ group: 'g', topics: ['nowhere'], handle: async () => undefined }), /"nowhere"/);
    }),
  );
}
