/** What every transport has to do, whatever it is made of: deliver in order, share out partitions, remember how far a group is. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { EventLog, IncomingRecord } from '../../../src/messaging/event-bus.ts';
import { caseList } from '../support/cases.ts';
import { until } from '../support/until.ts';
import { record, withBus } from '../support/with-bus.ts';

const { cases, add } = caseList();
export const busCases = cases;

add('records arrive as sent, in order within each key', (t, transport) =>
  withBus(transport, async ({ bus, a, b, g }) => {
    const got: IncomingRecord[] = [];
    await bus.subscribe({ group: g, topics: [a, b], handle: async (one) => void got.push(one) });
    const keys = ['x', 'y', 'z', 'ü'];
    for (let n = 0; n < 20; n += 1) await bus.send(keys.map((key) => record(a, key, `${key}${n}`)));
    await bus.send([{ topic: b, headers: {}, value: 'no key' }]);
    await until('all', () => got.length === 81);
    for (const key of keys) {
      const ofKey = got.filter((one) => one.key === key);
      t.same(
        ofKey.map((one) => one.value),
        Array.from({ length: 20 }, (_, n) => `${key}${n}`),
      );
      t.equal(new Set(ofKey.map((one) => one.partition)).size, 1, 'a key stays in its partition');
      t.match(ofKey[0], { topic: a, headers: { h: `${key}0` }, timestamp: Date });
    }
    t.notOk(got.find((one) => one.topic === b)?.key);
  }),
);

add('a new group starts at the beginning, groups do not disturb each other', (t, transport) =>
  withBus(transport, async ({ bus, a, name }) => {
    await bus.send([record(a, 'x', '1')]);
    const got: string[] = [];
    for (const group of ['g1', 'g2']) {
      await bus.subscribe({ group: name(group), topics: [a], handle: async (one) => void got.push(group + one.value) });
    }
    await bus.send([record(a, 'x', '2')]);
    await until('all', () => got.length === 4);
    t.same(got.toSorted(), ['g11', 'g12', 'g21', 'g22']);
  }),
);

add('a group goes on where it was', (t, transport) =>
  withBus(transport, async ({ bus, another, a, g }) => {
    const got: string[] = [];
    const handle = async (one: IncomingRecord) => void got.push(one.value);
    await bus.send([record(a, 'x', '1'), record(a, 'x', '2')]);
    const first = await bus.subscribe({ group: g, topics: [a], handle });
    await until('two', () => got.length === 2);
    await first.stop();
    await bus.send([record(a, 'x', '3')]);
    await (await another()).subscribe({ group: g, topics: [a], handle });
    await until('three', () => got.length === 3);
    t.same(got, ['1', '2', '3']);
  }),
);

add('a record whose handler rejects comes again, and none behind it before', (t, transport) =>
  withBus(transport, async ({ bus, b, g }) => {
    const got: string[] = [];
    const errors: unknown[] = [];
    await bus.send([record(b, 'x', '1'), record(b, 'x', '2')]);
    await bus.subscribe({
      group: g,
      topics: [b],
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

add('a partition can be told to rest until a time, others go on', (t, transport) =>
  withBus(transport, async ({ bus, a, b, g }) => {
    const got: string[] = [];
    await bus.send([record(b, 'x', 'early')]);
    const until_ = new Date(Date.now() + 300);
    await bus.subscribe({
      group: g,
      topics: [a, b],
      handle: async (one) => {
        if (one.topic === b && new Date() < until_) return { pauseUntil: until_ };
        got.push(one.value);
        return undefined;
      },
    });
    await bus.send([record(a, 'y', 'other')]);
    await until('both', () => got.length === 2);
    t.same(got, ['other', 'early']);
  }),
);

add('members of a group share the partitions; each record goes to one of them', (t, transport) =>
  withBus(transport, async ({ bus, another, a, g }) => {
    const got: { readonly member: number; readonly value: string; readonly partition: number }[] = [];
    const join = async (from: EventLog, member: number) =>
      from.subscribe({
        group: g,
        topics: [a],
        handle: async (one) => void got.push({ member, value: one.value, partition: one.partition }),
      });
    const first = await join(bus, 1);
    await join(await another(), 2);
    let sent = 0;
    const send = async (): Promise<void> => {
      await bus.send(
        [0, 1, 2, 3].map((partition) => ({ topic: a, partition, headers: {}, value: String((sent += 1)) })),
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

add('stopping waits for the record that is being handled, then leaves the rest', (t, transport) =>
  withBus(transport, async ({ bus, b, g }) => {
    const entered = Promise.withResolvers<void>();
    const leave = Promise.withResolvers<void>();
    const got: string[] = [];
    await bus.send([record(b, 'x', '1'), record(b, 'x', '2')]);
    const subscription = await bus.subscribe({
      group: g,
      topics: [b],
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
    await bus.subscribe({ group: g, topics: [b], handle: async (one) => void got.push(one.value) });
    await until('the rest', () => got.length === 2);
    t.same(got, ['1', '2']);
  }),
);

add('a topic that nobody created is named in the error', (t, transport) =>
  withBus(transport, async ({ bus, g, name }) => {
    const nowhere = name('nowhere');
    await t.rejects(bus.send([record(nowhere, 'x', '1')]), /nowhere" does not exist/);
    await t.rejects(bus.subscribe({ group: g, topics: [nowhere], handle: async () => undefined }), /nowhere"/);
  }),
);

add('a rebalance while a record is being handled loses nothing and keeps the order of each partition', (t, transport) =>
  withBus(transport, async ({ bus, another, a, g }) => {
    const done: { readonly member: number; readonly partition: number; readonly n: number }[] = [];
    const entered = Promise.withResolvers<void>();
    const leave = Promise.withResolvers<void>();
    const join = (from: EventLog, member: number) =>
      from.subscribe({
        group: g,
        topics: [a],
        handle: async ({ partition, value }) => {
          const n = Number(value);
          if (n === 0 && partition === 0) {
            entered.resolve();
            await leave.promise;
          }
          done.push({ member, partition, n });
        },
      });
    const send = (n: number) =>
      bus.send([0, 1, 2, 3].map((partition) => ({ topic: a, partition, headers: {}, value: String(n) })));
    await send(0);
    await join(bus, 1);
    await entered.promise;
    await join(await another(), 2);
    let sent = 1;
    await until('a share for the second', async () => {
      await send(sent);
      sent += 1;
      return done.some(({ member }) => member === 2);
    });
    leave.resolve();
    await until('all', () => new Set(done.map(({ partition, n }) => `${partition}/${n}`)).size === 4 * sent);
    for (const partition of [0, 1, 2, 3]) {
      const first = [...new Set(done.filter((one) => one.partition === partition).map(({ n }) => n))];
      t.same(
        first,
        Array.from({ length: sent }, (_, n) => n),
      );
    }
  }),
);

add('a handler may take longer than the lease: its partition stays where it is', (t, transport) =>
  withBus(
    transport,
    async ({ bus, another, b, g }) => {
      const got: number[] = [];
      const entered = Promise.withResolvers<void>();
      await bus.send([record(b, 'x', '1')]);
      const first = await bus.subscribe({
        group: g,
        topics: [b],
        handle: async () => {
          entered.resolve();
          await sleep(transport.shortLeaseMs * 1.5);
          got.push(1);
        },
      });
      await entered.promise;
      const second = await another();
      await until('the end of the handler', () => got.length > 0);
      await first.stop();
      await second.subscribe({ group: g, topics: [b], handle: async () => void got.push(2) });
      await second.send([record(b, 'x', '2')]);
      await until('the next record', () => got.length > 1);
      t.same(got, [1, 2], 'the first record was committed by who handled it');
    },
    { leaseMs: transport.shortLeaseMs },
  ),
);
