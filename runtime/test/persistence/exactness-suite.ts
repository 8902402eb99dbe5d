/** That values are kept, compared and sorted exactly, and equally by every database. */
import t, { type Test } from 'tap';
import { column } from '../../src/persistence/column.ts';
import type { Database } from '../../src/persistence/database.ts';
import { table } from '../../src/persistence/table.ts';
import type { Opener } from './persistence-suites.ts';

const samples = table('samples', {
  id: column.serial(),
  name: column.text({ max: 255 }).unique(),
  number: column.integer().optional(),
  amount: column.money().optional(),
  wide: column.bigint().optional(),
  at: column.instant().optional(),
  key: column.uuid().optional(),
  document: column.json<unknown>().optional(),
  isSet: column.boolean().optional(),
  long: column.text().optional(),
});

const migrations = [
  {
    name: '0001-samples',
    up: (knex: Parameters<typeof samples.create>[0]) =>
      samples.create(knex, (builder) =>
        builder.index(['name', 'at'], 'samples_by_name').index(['key'], 'samples_by_key'),
      ),
  },
];

/** From first to last as every database sorts them: by their bytes in UTF-8. */
const names = ['', ' ', ' a', 'A', 'Z', 'a', 'a ', 'aa', 'z', 'À', 'ß', 'à', 'ﬀ', '😀'];

const keys = [
  '00000000-0000-1000-8000-000000000001',
  '018f3c2e-7b1a-7c3d-9e4f-1a2b3c4d5e01',
  '018f3c2e-7b1a-7c3d-9e4f-1a2b3c4d5e02',
  'aaaaaaaa-0000-1000-8000-000000000000',
  'ffffffff-ffff-4fff-bfff-ffffffffffff',
];

export function exactnessSuite({ name, open }: Opener): void {
  const suite = (title: string, work: (t: Test, database: Database) => Promise<void>) =>
    t.test(`${name}: ${title}`, async (t) => {
      const database = await open();
      try {
        await database.migrate(migrations);
        await work(t, database);
      } finally {
        await database.close();
      }
    });

  suite('numbers come back to the last digit', async (t, database) => {
    const numbers = [0, 1, -1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER];
    const wide = [0n, -1n, 2n ** 53n + 1n, -(2n ** 53n) - 1n, 2n ** 63n - 1n, -(2n ** 63n)];
    await database.transaction(async (tx) => {
      for (const number of numbers) await samples.insert(tx, { name: `n${number}`, number, amount: number });
      for (const one of wide) await samples.insert(tx, { name: `w${one}`, wide: one });
    });
    for (const number of numbers) {
      t.match(await samples.first(database, { number }), { name: `n${number}`, number, amount: number });
    }
    for (const one of wide)
      t.strictSame(
        (await samples.find(database, { wide: one })).map((row) => row.wide),
        [one],
      );
    const sorted = await samples.find(database, (query) => query.whereNotNull('wide'), { orderBy: 'wide' });
    t.strictSame(
      sorted.map((row) => row.wide),
      wide.toSorted((a, b) => (a < b ? -1 : 1)),
    );
  });

  suite('so do sums, and what is reckoned', async (t, database) => {
    const most = Number.MAX_SAFE_INTEGER;
    await database.transaction(async (tx) => {
      await samples.insert(tx, { name: 'a', number: 2, amount: most, wide: 2n ** 62n });
      await samples.insert(tx, { name: 'b', number: -5, amount: 0, wide: 2n ** 62n - 1n });
      await samples.insert(tx, { name: 'c', amount: 1 });
    });
    const reckoned = async (names: readonly string[]): Promise<Record<string, unknown>> => {
      const [row] = (await samples
        .query(database)
        .whereIn('name', names)
        .sum({ numbers: 'number', amounts: 'amount', wides: 'wide' })
        .max({ greatest: 'wide', last: 'name' })
        .count({ rows: '*' })) as unknown as Record<string, unknown>[];
      return { ...row };
    };
    t.strictSame(await reckoned(['a', 'b']), {
      numbers: -3,
      amounts: most,
      wides: 2n ** 63n - 1n,
      greatest: 2n ** 62n,
      last: 'b',
      rows: 2,
    });
    t.match(
      await reckoned(['a', 'c']),
      { amounts: BigInt(most) + 1n, greatest: 2n ** 62n },
      'beyond what is safe: bigint',
    );
    t.match(await reckoned(['c']), { numbers: null, amounts: 1, wides: null });
    t.match(await reckoned([]), { numbers: null, amounts: null, rows: 0 });
    // And back: what a sum was can be asked for.
    t.strictSame((await samples.find(database, { wide: 2n ** 62n })).length, 1);
    const [whole] = await database.knex('samples').select(database.knex.raw('sum(amount) * ? as product', [2]));
    t.equal(whole?.['product'], (BigInt(most) + 1n) * 2n);
  });

  suite('a statement that has returned small numbers returns great ones exactly, too', async (t, database) => {
    const great = [2n ** 53n, 2n ** 63n - 1n, -(2n ** 53n)];
    await database.transaction(async (tx) => {
      await samples.insert(tx, { name: 'small', wide: 7n });
      for (const wide of great) await samples.insert(tx, { name: `${wide}`, wide });
    });
    const wideOf = async (name: string): Promise<unknown> => {
      const [row] = (await database.knex('samples').select('wide').where({ name })) as { wide: unknown }[];
      return row?.wide;
    };
    t.equal(await wideOf('small'), 7);
    for (const wide of great) t.equal(await wideOf(`${wide}`), wide);
    t.equal(await wideOf('small'), 7);
  });

  suite('a column that is added later is read by a statement that was there before', async (t, database) => {
    await database.transaction((tx) => samples.insert(tx, { name: 'a' }));
    const read = async (): Promise<object> => ({
      ...((await database.knex('samples').where({ name: 'a' })) as object[])[0],
    });
    t.notOk('added' in (await read()));
    const up = (knex: Parameters<typeof samples.create>[0]): Promise<void> =>
      knex.schema.alterTable('samples', (builder) => builder.integer('added'));
    await database.migrate([...migrations, { name: '0002-added', up }]);
    t.ok('added' in (await read()));
  });

  suite('instants come back to the millisecond, in UTC, and sort by time', async (t, database) => {
    const instants = [
      '1900-01-01T00:00:00.001Z',
      '1969-12-31T23:59:59.999Z',
      '1970-01-01T00:00:00.000Z',
      // Hours that are twice or not at all where clocks are put back and forward.
      '2026-03-29T01:30:00.007Z',
      '2026-03-29T02:30:00.070Z',
      '2026-10-25T00:30:00.700Z',
      '2026-10-25T01:30:00.000Z',
      '2038-01-19T03:14:08.123Z',
      '9999-12-31T23:59:59.999Z',
    ].map((text) => new Date(text));
    await database.transaction((tx) =>
      samples.insert(
        tx,
        instants.toReversed().map((at, n) => ({ name: String(n), at })),
      ),
    );
    const found = await samples.find(database, {}, { orderBy: 'at' });
    t.strictSame(
      found.map(({ at }) => at?.toISOString()),
      instants.map((at) => at.toISOString()),
    );
    for (const at of instants) {
      t.equal((await samples.find(database, { at })).length, 1, at.toISOString());
      const before = await samples.count(database, (query) => query.where('at', '<', at));
      t.equal(before, instants.indexOf(at), 'a Date bound by hand means the same time');
    }
  });

  suite('texts are told apart and sorted by their bytes', async (t, database) => {
    await database.transaction(async (tx) => {
      for (const one of names.toReversed()) await samples.insert(tx, { name: one });
    });
    const sorted = await samples.find(database, {}, { orderBy: 'name' });
    t.strictSame(
      sorted.map((row) => row.name),
      names,
    );
    for (const one of names) t.equal((await samples.find(database, { name: one })).length, 1, JSON.stringify(one));
    t.same(await samples.find(database, { name: 'e\u0301' }), []);
    await t.rejects(
      database.transaction((tx) => samples.insert(tx, { name: 'a ' })),
      /unique|Duplicate/i,
    );
  });

  suite('uuids sort as their text, whatever their version', async (t, database) => {
    await database.transaction(async (tx) => {
      for (const key of keys.toReversed()) await samples.insert(tx, { name: key, key });
    });
    const sorted = await samples.find(database, {}, { orderBy: 'key' });
    t.strictSame(
      sorted.map((row) => row.key),
      keys,
    );
    const later = await samples.find(database, (query) => query.where('key', '>', keys[1] as string), {
      orderBy: 'key',
    });
    t.strictSame(
      later.map((row) => row.key),
      keys.slice(2),
    );
  });

  suite('JSON, booleans and long texts come back as they went in', async (t, database) => {
    const documents = [
      { b: 1, a: [true, null, 'ü"\\\n', 1.5, 1e21] },
      [],
      'text',
      0,
      false,
      '2026-03-29T01:30:00.007Z',
      { ['x'.repeat(70_000)]: '😀' },
    ];
    const long = "it's \\ a \0 % _ \u2028 text 😀 ".repeat(10_000);
    await database.transaction(async (tx) => {
      for (const [n, document] of documents.entries())
        await samples.insert(tx, { name: `d${n}`, document, isSet: n === 1 });
      await samples.insert(tx, { name: 'long', long });
    });
    for (const [n, document] of documents.entries()) {
      const row = await samples.first(database, { name: `d${n}` });
      t.strictSame(row?.document, document);
      t.equal(JSON.stringify(row?.document), JSON.stringify(document), 'the order of its keys too');
      t.equal(row?.isSet, n === 1);
    }
    t.equal((await samples.first(database, { name: 'long' }))?.long, long);
  });

  suite('a value of another kind is refused, and never matches', async (t, database) => {
    await database.transaction((tx) => samples.insert(tx, { name: 'secret', isSet: true }));
    for (const [where, reason] of [
      [{ name: 0 }, /takes a string/],
      [{ key: 7 }, /takes a string/],
      [{ number: '1 or 1=1' }, /whole number/],
      [{ number: 1.5 }, /whole number/],
      [{ wide: 5 }, /takes a bigint/],
      [{ wide: 2n ** 63n }, /64 bits/],
      [{ at: '2030-01-01' }, /valid Date/],
    ] as const) {
      await t.rejects(samples.find(database, where as never), reason, JSON.stringify(Object.keys(where)));
    }
    const injected = { name: 'secret' } as never;
    await t.rejects(
      async () => database.knex('samples').whereRaw('name = ?', [injected]),
      /cannot store \[object Object\]|must not be object/,
    );
  });

  suite('rows are counted as matched, also when nothing changes in them', async (t, database) => {
    await database.transaction(async (tx) => {
      await samples.insert(tx, [
        { name: 'a', isSet: true },
        { name: 'b', isSet: true },
      ]);
      t.equal(await samples.update(tx, { isSet: true }, { isSet: true }), 2);
      t.equal(await samples.delete(tx, { name: 'c' }), 0);
      t.equal(await samples.delete(tx, { isSet: true }), 2);
    });
  });

  suite('an upsert replaces by the primary key alone', async (t, database) => {
    await database.transaction((tx) => samples.insert(tx, { id: 1, name: 'first', number: 1 }));
    await database.transaction((tx) => samples.upsert(tx, { id: 1, name: 'renamed' }));
    t.match(await samples.find(database), [{ id: 1, name: 'renamed', number: 1 }]);
    const failure = await database
      .transaction((tx) => samples.upsert(tx, { id: 2, name: 'renamed', number: 2 }))
      .catch((error: unknown) => error);
    t.ok(database.dialect.isUniqueViolation(failure), 'another unique key is violated');
    t.match(await samples.find(database), [{ id: 1, name: 'renamed', number: 1 }]);
  });

  suite('values do not get into the text of an error', async (t, database) => {
    const value = 'somebody@example.com';
    await database.transaction((tx) => samples.insert(tx, { name: value }));
    const failures = await Promise.all([
      database.transaction((tx) => samples.insert(tx, { name: value })).catch((error: unknown) => error),
      database.knex.raw('select ? from nowhere', [value]).catch((error: unknown) => error),
      database.knex.raw('selec ?', [value]).catch((error: unknown) => error),
    ]);
    for (const failure of failures) {
      t.type(failure, Error);
      t.notOk(JSON.stringify({ ...(failure as Error) }).includes(value));
      t.notOk(String((failure as Error).stack).includes(value));
    }
  });

  suite('writing outside a transaction is refused, with a word on what to do', async (t, database) => {
    await t.rejects(database.knex('samples').insert({ name: 'a' }), /write inside commit or transaction/);
  });

  suite('a stream is refused: an error of it would be told twice, or never', async (t, database) => {
    t.throws(() => database.knex('samples').stream(), /page through/);
  });
}
