import { AsyncLocalStorage } from 'node:async_hooks';
import t, { type Test } from 'tap';
import type {
  IdempotencyRequest,
  KeyTakenError,
  OpenedUnit,
  StoredAnswer,
  Verdict,
} from '../../src/http/unit-of-work.ts';
import type { Database } from '../../src/persistence/database.ts';
import { purgeRuntimeTables } from '../../src/persistence/housekeeping.ts';
import type { Tx } from '../../src/persistence/tx.ts';
import { createUnitOfWork } from '../../src/persistence/unit-of-work.ts';
import { migrations, orders } from './database-suite.ts';

const cause = { correlationId: 'c-1' };
const request: IdempotencyRequest = {
  subject: 's-1',
  method: 'POST',
  route: '/orders',
  key: 'k-1',
  fingerprint: 'f-1',
};
const answer = (status: number): StoredAnswer => ({ status, headers: { etag: '"v1"' }, body: `{"status":${status}}` });
const made: Verdict = { keep: true, answer: answer(201) };

let numbers = 0;
const insertOrder = async (tx: Tx): Promise<string> => {
  numbers += 1;
  const row = { placedAt: new Date(0), paid: true, total: 1, weight: 1n, tags: [], version: 1 };
  await orders.insert(tx, { ...row, id: String(numbers), number: numbers });
  return String(numbers);
};

const freshCommit = (unit: OpenedUnit) => {
  if (unit.outcome !== 'fresh') throw new Error(`the key is taken: ${unit.outcome}`);
  return unit.commit;
};

export function unitOfWorkSuite(name: string, open: () => Promise<Database>): void {
  const suite = (
    title: string,
    work: (
      t: Test,
      database: Database,
      units: ReturnType<typeof createUnitOfWork>,
      clock: { time: number },
    ) => Promise<void>,
  ) =>
    t.test(`${name}: ${title}`, async (t) => {
      const database = await open();
      const clock = { time: Date.UTC(2030, 0, 1) };
      await database.migrate(migrations);
      try {
        const units = createUnitOfWork(database, { now: () => new Date(clock.time) }, { keyWaitMs: 5_000 });
        await work(t, database, units, clock);
      } finally {
        await database.close();
      }
    });

  suite('an answer that keeps commits, one that does not rolls back, a throw too', async (t, database, units) => {
    const commit = async () => freshCommit(await units.open({ cause }));
    t.type(await (await commit())(insertOrder, () => ({ keep: true })), 'string');
    t.equal(await orders.count(database), 1);
    t.type(
      await (
        await commit()
      )(insertOrder, () => ({ keep: false })),
      'string',
      'the result is returned all the same',
    );
    await t.rejects(
      (await commit())(
        async (tx) => {
          await insertOrder(tx);
          throw new Error('no');
        },
        () => ({ keep: true }),
      ),
      /no/,
    );
    t.equal(await orders.count(database), 1);
  });

  suite('commit can be called once; tx carries the cause', async (t, _, units) => {
    const commit = freshCommit(await units.open({ cause }));
    t.same(
      await commit(
        async (tx) => tx.cause,
        () => ({ keep: true }),
      ),
      cause,
    );
    await t.rejects(
      commit(
        async () => undefined,
        () => ({ keep: true }),
      ),
      /once/,
    );
  });

  suite(
    'a known key gives the same answer again, another request with it is a mismatch',
    async (t, database, units) => {
      const commit = freshCommit(await units.open({ cause, idempotency: request }));
      await commit(insertOrder, () => made);
      t.same(await units.open({ cause, idempotency: request }), { outcome: 'replay', answer: answer(201) });
      t.same(await units.open({ cause, idempotency: { ...request, fingerprint: 'f-2' } }), { outcome: 'mismatch' });
      for (const other of [{ subject: 's-2' }, { method: 'PUT' }, { route: '/others' }, { key: 'k-2' }]) {
        t.match(await units.open({ cause, idempotency: { ...request, ...other } }), { outcome: 'fresh' });
      }
      t.equal(await orders.count(database), 1);
    },
  );

  suite('an answer that rolls back keeps the key with it', async (t, database, units) => {
    const commit = freshCommit(await units.open({ cause, idempotency: request }));
    await commit(insertOrder, () => ({ keep: false, answer: answer(409) }));
    t.equal(await orders.count(database), 0);
    t.same(await units.open({ cause, idempotency: request }), { outcome: 'replay', answer: answer(409) });
  });

  suite('an answer that is not stored, or a throw, leaves the key free', async (t, database, units) => {
    const commit = async () => freshCommit(await units.open({ cause, idempotency: request }));
    await (
      await commit()
    )(insertOrder, () => ({ keep: false }));
    await t.rejects(
      (await commit())(
        () => Promise.reject(new Error('no')),
        () => made,
      ),
    );
    await t.rejects(
      (await commit())(insertOrder, () => {
        throw new Error('judged to be impossible');
      }),
    );
    await (
      await commit()
    )(insertOrder, () => made);
    t.equal(await orders.count(database), 1);
  });

  suite('a hundred at once with one key have one effect and one answer', async (t, database, units) => {
    let works = 0;
    const outcomes = await Promise.all(
      Array.from({ length: 100 }, async () => {
        const unit = await units.open({ cause, idempotency: request });
        if (unit.outcome !== 'fresh') return unit;
        try {
          await unit.commit(
            async (tx) => {
              works += 1;
              return insertOrder(tx);
            },
            () => made,
          );
          return { outcome: 'made' };
        } catch (error) {
          return (error as KeyTakenError).taken;
        }
      }),
    );
    t.equal(works, 1);
    t.equal(await orders.count(database), 1);
    t.equal(outcomes.filter((one) => one.outcome === 'made').length, 1);
    t.equal(outcomes.filter((one) => one.outcome === 'replay').length, 99);
  });

  suite('two processes with one key are told the same, though the first one is refused', async (t, database, units) => {
    const other = createUnitOfWork(database, { now: () => new Date(Date.UTC(2030, 0, 1)) }, { keyWaitMs: 5_000 });
    const told = (commit: ReturnType<typeof freshCommit>, verdict: () => Verdict): Promise<number | undefined> =>
      commit(insertOrder, verdict).then(
        () => verdict().answer?.status,
        (error: unknown) => {
          const { taken } = error as KeyTakenError;
          return taken.outcome === 'replay' ? taken.answer.status : undefined;
        },
      );
    const [first, second] = [
      freshCommit(await units.open({ cause, idempotency: request })),
      freshCommit(await other.open({ cause, idempotency: request })),
    ];
    const outside = AsyncLocalStorage.snapshot();
    let rival: Promise<number | undefined> | undefined;
    const refused = await told(first, () => {
      // It waits for the transaction that is open now, and may get the key before the refusal is stored with it.
      rival ??= outside(() => told(second, () => made));
      return { keep: false, answer: answer(409) };
    });
    t.ok(refused === 201 || refused === 409);
    t.equal(await rival, refused);
    t.equal(await orders.count(database), refused === 201 ? 1 : 0);
    t.match(await units.open({ cause, idempotency: request }), {
      outcome: 'replay',
      answer: { status: refused },
    });
  });

  suite('whoever waits too long for a key is told that it is busy', async (t, database) => {
    const units = createUnitOfWork(database, { now: () => new Date() }, { keyWaitMs: 50 });
    const entered = Promise.withResolvers<void>();
    const leave = Promise.withResolvers<void>();
    const [first, second] = [
      freshCommit(await units.open({ cause, idempotency: request })),
      freshCommit(await units.open({ cause, idempotency: request })),
    ];
    const slow = first(
      async () => {
        entered.resolve();
        await leave.promise;
      },
      () => made,
    );
    await entered.promise;
    await t.rejects(
      second(insertOrder, () => made),
      {
        name: 'KeyTakenError',
        taken: { outcome: 'busy', retryAfterSeconds: 1 },
      },
    );
    leave.resolve();
    await slow;
  });

  suite('a key is forgotten after a day, and purged later', async (t, database, units, clock) => {
    await freshCommit(await units.open({ cause, idempotency: request }))(insertOrder, () => made);
    clock.time += 23 * 60 * 60 * 1000;
    t.match(await units.open({ cause, idempotency: request }), { outcome: 'replay' });
    clock.time += 2 * 60 * 60 * 1000;
    await freshCommit(await units.open({ cause, idempotency: request }))(insertOrder, () => made);
    t.equal(await orders.count(database), 2);
    clock.time += 3 * 24 * 60 * 60 * 1000;
    t.equal(await purgeRuntimeTables({ database, clock: { now: () => new Date(clock.time) } }), 1);
    t.equal(Number((await database.knex('parkwise_idempotency_keys').count({ n: '*' }))[0]?.['n']), 0);
  });
}
