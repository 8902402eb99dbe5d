/** Migrations on any database, by several processes at once, and cut off in the middle. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import t from 'tap';
import { loadMigrations } from '../../src/persistence/load-migrations.ts';
import type { Opener } from './persistence-suites.ts';

export async function directoryWith(files: Readonly<Record<string, string>>) {
  const directory = await mkdtemp(join(tmpdir(), 'migrations-'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
  return { directory, [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }) };
}

export const creates = (name: string): string =>
  `export const up = (knex) => knex.schema.createTable('${name}', (table) => { table.integer('id'); });\n`;

/** Fails in its second step, as long as there is no table of this name. */
const needs = (name: string, table: string): string =>
  `export const up = async (knex) => { await knex.schema.createTable('${name}', (t) => { t.integer('id'); }); await knex('${table}').insert({ id: 1 }); };`;

export function migrationsSuite({ name, open, share }: Opener): void {
  t.test(`${name}: migrations are applied once, in the order of their numbers, by whoever comes first`, async (t) => {
    // Slow, so that all of them see that it has not been applied.
    const slow = creates('a')
      .replace('=> knex', '=> new Promise((done) => setTimeout(done, 50)).then(() => knex')
      .replace(/;\n$/, ');\n');
    await using folder = await directoryWith({ '0002-b.ts': creates('b'), '0001-a.ts': slow, '.DS_Store': '' });
    await using shared = await share();
    const loaded = await loadMigrations(pathToFileURL(folder.directory));
    const databases = await Promise.all([1, 2, 3].map(() => shared.open()));
    const applied = await Promise.all(databases.map((database) => database.migrate(loaded)));
    t.same(
      applied
        .flat()
        .filter((one) => /^\d/.test(one))
        .toSorted(),
      ['0001-a', '0002-b'],
    );
    t.ok(await databases[0]?.knex.schema.hasTable('b'));
    t.same(await databases[2]?.migrate(loaded), []);
  });

  t.test(
    `${name}: a migration that fails names its file, and what it left behind is never taken for the whole`,
    async (t) => {
      await using folder = await directoryWith({ '0001-a.ts': creates('a'), '0002-half.ts': needs('half', 'nowhere') });
      await using shared = await share();
      const database = await shared.open();
      const loaded = await loadMigrations(folder.directory);
      const file = join(folder.directory, '0002-half.ts');
      const failure = await database.migrate(loaded).catch((error: Error) => error);
      t.match(failure, { name: 'MigrationError', fault: 'failed', migration: '0002-half', file });
      t.match(
        (failure as Error).message,
        /^Migration 0002-half \(.*\) failed (and was rolled back|half-way): .*nowhere/s,
      );
      t.ok(await database.knex.schema.hasTable('a'));
      const isHalfDone = await database.knex.schema.hasTable('half');
      t.equal(/half-way/.test((failure as Error).message), isHalfDone, 'it says whether anything is left');
      if (isHalfDone) {
        // Another start does not go on as if nothing had happened, and says what to do.
        const advice = /DELETE FROM parkwise_migrations WHERE name = '0002-half'/;
        t.match((failure as Error).message, advice);
        await t.rejects((await shared.open()).migrate(loaded), { fault: 'unfinished', message: advice });
        await database.transaction(async ({ knex }) => {
          await knex.schema.dropTable('half');
          await knex('parkwise_migrations').where({ name: '0002-half' }).delete();
        });
      }
      await database.transaction(({ knex }) => knex.schema.createTable('nowhere', (one) => void one.integer('id')));
      t.same(await database.migrate(loaded), ['0002-half']);
    },
  );

  t.test(`${name}: a migration of rows alone is rolled back when it fails, and can be repeated`, async (t) => {
    const fill = `export const up = async (knex) => { await knex('a').insert({ id: 1 }); await knex('nowhere').select(); };`;
    await using folder = await directoryWith({ '0001-a.ts': creates('a'), '0002-fill.ts': fill });
    const database = await open();
    const loaded = await loadMigrations(folder.directory);
    for (const _ of [1, 2]) await t.rejects(database.migrate(loaded), /failed and was rolled back/);
    t.same(await database.knex('a'), []);
    await database.close();
  });

  t.test(`${name}: an applied migration must neither change nor go; formatting it is no change`, async (t) => {
    await using first = await directoryWith({ '0001-a.ts': creates('a') });
    const database = await open();
    await database.migrate(await loadMigrations(first.directory));
    await using formatted = await directoryWith({ '0001-a.ts': creates('a').replaceAll('{ ', '{\n    ') });
    t.same(await database.migrate(await loadMigrations(formatted.directory)), []);
    await using changed = await directoryWith({ '0001-a.ts': creates('other') });
    await t.rejects(database.migrate(await loadMigrations(changed.directory)), {
      fault: 'changed',
      message: /0001-a .*0001-a\.ts.* was changed/,
    });
    await t.rejects(database.migrate([]), { fault: 'missing', message: /^Migration 0001-a was applied/ });
    await database.close();
  });
}
