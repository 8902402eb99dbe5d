/** What holds when several processes of one service share a database. */
import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import type { IdempotencyRequest, KeyTakenError } from '../../src/http/unit-of-work.ts';
import { messageUnit } from '../../src/messaging/message-commit.ts';
import { claimParked, park, parkedHeads, releaseParked } from '../../src/messaging/parked-keys.ts';
import { column } from '../../src/persistence/column.ts';
import type { Database } from '../../src/persistence/database.ts';
import { purgeRuntimeTables } from '../../src/persistence/housekeeping.ts';
import { inbox, outbox, parkedMessages } from '../../src/persistence/runtime-tables.ts';
import { table } from '../../src/persistence/table.ts';
import { createUnitOfWork } from '../../src/persistence/unit-of-work.ts';
import type { Opener } from './persistence-suites.ts';

const counters = table('counters', { id: column.text({ max: 50 }), count: column.integer() });

const migrations = [
  { name: '0001-counters', up: (knex: Parameters<typeof counters.create>[0]) => counters.create(knex) },
];

const clock = { now: () => new Date() };
const cause = { correlationId: 'c-1' };

export function processesSuite({ name, share }: Opener): void {
  const suite = (title: string, work: (t: Test, one: Database, other: Database) => Promise<void>) =>
    t.test(`${name}: ${title}`, async (t) => {
      await using shared = await share();
      const [one, other] = [await shared.open(), await shared.open()];
      await one.migrate(migrations);
      await work(t, one, other);
    });

  suite('a row is locked from the first time that it is asked for', async (t, one, other) => {
    const addOne = (database: Database) =>
      database.transaction(async (tx) => {
        const { count } = await counters.lockOrInsert(tx, { id: 'a', count: 0 });
        await counters.update(tx, { id: 'a' }, { count: count + 1 });
      });
    await Promise.all(Array.from({ length: 30 }, (_, n) => addOne(n % 2 === 0 ? one : other)));
    t.match(await counters.first(one, { id: 'a' }), { count: 30 });
  });

  suite('transactions that lock each other out are repeated, and all come through', async (t, one, other) => {
    await one.transaction((tx) =>
      counters.insert(tx, [
        { id: 'a', count: 0 },
        { id: 'b', count: 0 },
      ]),
    );
    const move = (database: Database, ids: readonly [string, string]) =>
      database.transaction(async (tx) => {
        for (const id of ids) {
          const row = await counters.first(tx, { id }, { forUpdate: true });
          await sleep(5);
          await counters.update(tx, { id }, { count: (row?.count ?? 0) + 1 });
        }
      });
    await Promise.all(
      Array.from({ length: 6 }, (_, n) => (n % 2 === 0 ? move(one, ['a', 'b']) : move(other, ['b', 'a']))),
    );
    t.match(await counters.find(one, {}, { orderBy: 'id' }), [{ count: 6 }, { count: 6 }]);
  });

  suite('a transaction whose work hides a conflict is stored as a whole or not at all', async (t, one, other) => {
    await one.transaction((tx) =>
      counters.insert(tx, [
        { id: 'a', count: 0 },
        { id: 'b', count: 0 },
      ]),
    );
    const both = (database: Database, ids: readonly [string, string], mark: string) =>
      database.transaction(async (tx) => {
        await counters.insert(tx, { id: `${mark} before`, count: 1 }).catch(hidden);
        for (const id of ids) {
          await counters.first(tx, { id }, { forUpdate: true }).catch(hidden);
          await sleep(20);
        }
        await counters.insert(tx, { id: `${mark} after`, count: 1 });
      });
    for (let round = 0; round < 3; round += 1) {
      await Promise.all([both(one, ['a', 'b'], `one ${round}`), both(other, ['b', 'a'], `other ${round}`)]);
    }
    const ids = (await counters.find(one)).map(({ id }) => id);
    t.equal(ids.filter((id) => id.endsWith('before')).length, 6);
    t.equal(ids.filter((id) => id.endsWith('after')).length, 6);
  });

  suite(
    'a request that another process is at work on gets its answer, once that has committed',
    async (t, one, other) => {
      const request: IdempotencyRequest = { subject: 's', method: 'POST', route: '/r', key: 'k', fingerprint: 'f' };
      const answer = { status: 201, headers: {} };
      const attempt = async (database: Database) => {
        const unit = await createUnitOfWork(database, clock).open({ cause, idempotency: request });
        if (unit.outcome !== 'fresh') return unit;
        return unit
          .commit(
            async (tx) => {
              await counters.insert(tx, { id: 'effect', count: 1 });
              await sleep(50);
              return { outcome: 'made' };
            },
            () => ({ keep: true, answer }),
          )
          .catch((error: KeyTakenError) => error.taken);
      };
      const outcomes = await Promise.all(Array.from({ length: 10 }, (_, n) => attempt(n % 2 === 0 ? one : other)));
      t.equal(outcomes.filter(({ outcome }) => outcome === 'made').length, 1);
      t.equal(outcomes.filter(({ outcome }) => outcome === 'replay').length, 9);
      t.equal(await counters.count(one), 1);
    },
  );

  suite('a message that two processes handle at once has one effect', async (t, one, other) => {
    const entry = { consumer: 'c', eventId: 'e-1' };
    const handle = async (database: Database): Promise<boolean> => {
      const unit = messageUnit({ database, clock, cause, entry });
      await unit
        .commit(async (tx) => {
          const { count } = await counters.lockOrInsert(tx, { id: 'effects', count: 0 });
          await sleep(20);
          await counters.update(tx, { id: 'effects' }, { count: count + 1 });
        })
        .catch((error: unknown) => {
          if (!unit.isDuplicate()) throw error;
        });
      return unit.finish();
    };
    const outcomes = await Promise.all([one, other, one, other].map(handle));
    t.equal(outcomes.filter(Boolean).length, 1);
    t.match(await counters.first(one, { id: 'effects' }), { count: 1 });
  });

  suite(
    'a parked message is tried by one process, and by another once that has been silent too long',
    async (t, one, other) => {
      const record = {
        topic: 't',
        partition: 0,
        offset: 7,
        key: 'k',
        headers: { a: 'b' },
        value: '{}',
        timestamp: new Date(5),
      };
      const [early, later] = [new Date('2030-01-01T00:00:00Z'), new Date('2030-01-01T00:01:00Z')];
      const place = { consumer: 'c', key: 'k', eventId: 'e-1', attempts: 0, dueAt: early };
      await park(one, record, place);
      await park(other, record, place);
      const [head, ...rest] = await parkedHeads(one, 'c');
      t.same(rest, []);
      if (!head) throw new Error('nothing is parked');
      t.match(head, { position: 7, headers: { a: 'b' }, dueAt: early, recordedAt: new Date(5) });
      const claim = (database: Database, owner: string, now: Date) =>
        claimParked(database, head, { owner, now, until: new Date(now.getTime() + 30_000) });
      const claims = await Promise.all([claim(one, 'elsewhere 1 a', early), claim(other, 'elsewhere 2 b', early)]);
      t.equal(claims.filter(Boolean).length, 1);
      t.ok(await claim(other, 'elsewhere 3 c', later));
      await releaseParked(one, 'elsewhere 1 a');
      t.match(await parkedMessages.first(one), { owner: 'elsewhere 3 c' }, 'who lost it gives nothing back');
    },
  );

  suite('housekeeping deletes what is old, in steps, and nothing else', async (t, one) => {
    const now = Date.UTC(2030, 5, 1);
    const day = 24 * 60 * 60 * 1000;
    const event = (n: number) => ({
      eventId: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
      shard: n % 16,
      topic: 't',
      aggregateId: 'k',
      headers: {},
      payload: '{}',
      createdAt: new Date(now - day),
    });
    await one.transaction(async (tx) => {
      const ages = Array.from({ length: 700 }, (_, n) => ({
        consumer: 'c',
        eventId: `e-${n}`,
        handledAt: new Date(now - 40 * day),
      }));
      for (let from = 0; from < ages.length; from += 100) await inbox.insert(tx, ages.slice(from, from + 100));
      await inbox.insert(tx, { consumer: 'c', eventId: 'young', handledAt: new Date(now - day) });
      await outbox.insert(tx, [
        { ...event(1), publishedAt: new Date(now - day) },
        { ...event(2), publishedAt: new Date(now - 1) },
        event(3),
      ]);
    });
    t.equal(await purgeRuntimeTables({ database: one, clock: { now: () => new Date(now) } }), 701);
    t.match(await inbox.find(one), [{ eventId: 'young' }]);
    t.same(
      (await outbox.find(one, {}, { orderBy: 'id' })).map(({ shard }) => shard),
      [2, 3],
    );
  });
}

const hidden = (): undefined => undefined;
