/** How many works share a transaction: fewer where it takes long or fails, more where it is quick. */
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { SharedCommits } from '../../src/messaging/shared-commits.ts';
import type { Database } from '../../src/persistence/database.ts';
import { openDatabase } from '../../src/persistence/open-database.ts';
import type { Tx } from '../../src/persistence/tx.ts';

const cause = { correlationId: 'c' };

const withCommits = async (
  work: (commitAll: (works: readonly ((tx: Tx) => Promise<void>)[]) => Promise<readonly number[]>) => Promise<void>,
): Promise<void> => {
  const database: Database = await openDatabase('sqlite::memory:');
  let sizes: number[] = [];
  const shared = new SharedCommits<number>(database, async (_tx, entries) => void sizes.push(entries.length));
  try {
    await work(async (works) => {
      sizes = [];
      const alone = (one: (tx: Tx) => Promise<void>) => async () => {
        sizes.push(1);
        await database.transaction(one, { cause });
      };
      await Promise.allSettled(works.map((one, n) => shared.commit({ cause, work: one, alone: alone(one) }, n)));
      return sizes;
    });
  } finally {
    await database.close();
  }
};

const times = <R>(count: number, work: () => R): readonly R[] => Array.from({ length: count }, work);
const nothing = () => async (): Promise<void> => undefined;

t.test('four at first, and more while that is quick', (t) =>
  withCommits(async (commitAll) => {
    let largest = 0;
    t.equal((await commitAll(times(8, nothing)))[0], 4);
    // A machine that is busy may take a few turns.
    for (let turns = 0; largest < 32 && turns < 100; turns += 1)
      largest = Math.max(largest, ...(await commitAll(times(100, nothing))));
    t.equal(largest, 32);
  }),
);

t.test('fewer after one that took longer than 50 ms, down to each by itself', (t) =>
  withCommits(async (commitAll) => {
    const slow = () => async () => void (await sleep(60));
    const sizes = await commitAll(times(8, slow));
    t.strictSame(sizes, [4, 2, 1, 1]);
  }),
);

t.test('fewer after one that failed, in which each is done by itself, the one that failed as the last', (t) =>
  withCommits(async (commitAll) => {
    const done: number[] = [];
    const works = [0, 1, 2, 3].map((n) => async () => {
      if (n === 1) throw new Error('a bad message');
      done.push(n);
    });
    // The first one is rolled back, and done again.
    t.strictSame(await commitAll(works), [4, 1, 1, 1, 1]);
    t.strictSame(done, [0, 0, 2, 3]);
  }),
);
