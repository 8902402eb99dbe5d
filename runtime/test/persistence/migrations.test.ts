import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import t from 'tap';
import { loadMigrations } from '../../src/persistence/load-migrations.ts';
import { openDatabase } from '../../src/persistence/open-database.ts';

async function directoryWith(files: Readonly<Record<string, string>>) {
  const directory = await mkdtemp(join(tmpdir(), 'migrations-'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
  return { directory, [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }) };
}

const creates = (name: string): string =>
  `export const up = (knex) => knex.schema.createTable('${name}', (table) => { table.integer('id'); });\n`;

t.test('migrations are applied once, in the order of their numbers, by whoever comes first', async (t) => {
  // Slow, so that all of them see that it has not been applied.
  const slow = creates('a')
    .replace('=> knex', '=> new Promise((done) => setTimeout(done, 50)).then(() => knex')
    .replace(/;\n$/, ');\n');
  await using folder = await directoryWith({ '0002-b.ts': creates('b'), '0001-a.ts': slow, '.DS_Store': '' });
  const url = `sqlite:${join(folder.directory, 'x.sqlite')}`;
  const loaded = await loadMigrations(pathToFileURL(folder.directory));
  const databases = await Promise.all([1, 2, 3].map(() => openDatabase(url)));
  await databases[0]?.migrate([]);
  const applied = await Promise.all(databases.map((database) => database.migrate(loaded)));
  t.same(
    applied.flat().filter((name) => /^\d/.test(name)),
    ['0001-a', '0002-b'],
  );
  t.ok(await databases[0]?.knex.schema.hasTable('b'));
  await Promise.all(databases.map((database) => database.close()));
});

t.test('a directory that is not there has no migrations', async (t) => {
  t.same(await loadMigrations('/nowhere/at/all'), []);
});

t.test('a migration that fails is undone, and named with its file', async (t) => {
  await using folder = await directoryWith({
    '0001-a.ts': creates('a'),
    '0002-half.ts': `export const up = async (knex) => { await knex.schema.createTable('half', (t) => { t.integer('id'); }); await knex('nowhere').insert({ id: 1 }); };`,
  });
  const database = await openDatabase('sqlite::memory:');
  const file = join(folder.directory, '0002-half.ts');
  await t.rejects(database.migrate(await loadMigrations(folder.directory)), {
    name: 'MigrationError',
    fault: 'failed',
    message: new RegExp(`^Migration 0002-half \\(${file}\\) failed and was rolled back: .*no such table`),
  });
  t.ok(await database.knex.schema.hasTable('a'));
  t.notOk(await database.knex.schema.hasTable('half'));
  await database.close();
});

t.test('an applied migration must neither change nor go; formatting it is no change', async (t) => {
  await using first = await directoryWith({ '0001-a.ts': creates('a') });
  const database = await openDatabase('sqlite::memory:');
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

t.test('files that are no migrations are named', async (t) => {
  for (const [files, message] of [
    [{ 'notes.ts': '' }, /notes\.ts.*must be named NNNN-name\.ts/],
    [{ '0001-a.ts': 'export const down = 1;' }, /0001-a\.ts.*must export up/],
    [{ '0001-a.ts': creates('a'), '0001-b.ts': creates('b') }, /0001-b.*has the number of 0001-a/],
    [{ '0001-a.ts': 'export const up = ;' }, /0001-a\.ts.*cannot be loaded/],
  ] as const) {
    await using folder = await directoryWith(files as Record<string, string>);
    await t.rejects(loadMigrations(folder.directory), { name: 'MigrationError', message });
  }
});
