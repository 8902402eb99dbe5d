import { demoData } from '../runtime-tables.ts';

/** What a database holds of the demo data that it was to be filled with. */
export type DemoState =
  | { readonly state: 'filled'; readonly notes: readonly string[] }
  /** Never begun or not finished: nobody has seen what the database holds, because a service fills before it can be reached. */
  | { readonly state: 'unfinished' };

/** Reads it from the SQLite file of a service that does not run. Without waiting: a supervisor asks just before it starts one. */
export const readDemoState = (file: string): DemoState => {
  // Loaded here: whoever never asks does not carry it.
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
  const database = new DatabaseSync(file);
  try {
    const { name, columns } = demoData;
    const table = database.prepare(`SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?`).get(name);
    const row =
      table && database.prepare(`SELECT ${columns.notes} AS notes FROM ${name} WHERE ${columns.filled} = 1`).get();
    return row ? { state: 'filled', notes: JSON.parse(String(row['notes'])) as string[] } : { state: 'unfinished' };
  } finally {
    database.close();
  }
};
