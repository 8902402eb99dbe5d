import t from 'tap';
import { loadMigrations } from '../../src/persistence/load-migrations.ts';
import { creates, directoryWith } from './migrations-suite.ts';

t.test('a directory that is not there has no migrations', async (t) => {
  t.same(await loadMigrations('/nowhere/at/all'), []);
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
