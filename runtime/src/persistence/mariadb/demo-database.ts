import { demoData } from '../runtime-tables.ts';
import type { DemoState } from '../sqlite/read-demo-state.ts';
import { administer } from './administer.ts';

/** What a database on a server holds of the demo data that it was to be filled with; `empty`: it has no table yet. */
export type MariadbDemoState = DemoState | { readonly state: 'empty' };

/** Reads it from the database of a service that does not run; `url` is the service's own. */
export const readMariadbDemoState = (url: string): Promise<MariadbDemoState> =>
  administer(url, async (run) => {
    const tables = (await run('SHOW TABLES')).map((row) => String(Object.values(row)[0]));
    if (tables.length === 0) return { state: 'empty' };
    if (!tables.includes(demoData.name)) return { state: 'unfinished' };
    const { notes, filled } = demoData.columns;
    const [row] = await run('SELECT ?? AS notes FROM ?? WHERE ?? = 1', [notes, demoData.name, filled]);
    return row ? { state: 'filled', notes: JSON.parse(String(row['notes'])) as string[] } : { state: 'unfinished' };
  });

/** Drops all tables of a database whose filling was cut off: nobody has seen them, because a service fills before it can be reached. */
export const emptyMariadb = (url: string): Promise<void> =>
  administer(url, async (run) => {
    await run('SET foreign_key_checks = 0');
    for (const row of await run('SHOW FULL TABLES')) {
      const [name, kind] = Object.values(row).map(String);
      await run(kind === 'VIEW' ? 'DROP VIEW ??' : 'DROP TABLE ??', [name]);
    }
  });
