import type { Database } from '../persistence/database.ts';
import { demoData } from '../persistence/runtime-tables.ts';
import type { Clock } from './service-definition.ts';
import { StartError } from './start-error.ts';

/** The table has one row at most. */
const ID = 'demo';

/**
 * Fills an empty database, and keeps in it that this was done: asked again, it tells the same notes and changes nothing. A service
 * without demo data is marked as well, before anybody can reach it, so that what it stores is never taken for an unfinished filling.
 *
 * @throws StartError when an earlier filling was cut off: there is no telling how much is there
 */
export const fillDemo = async (
  database: Database,
  clock: Clock,
  fill: (() => Promise<readonly string[]>) | undefined,
): Promise<readonly string[]> => {
  const known = await demoData.first(database, { id: ID });
  if (known?.filled) return known.notes;
  if (known)
    throw new StartError('demo', 'the database was being filled with demo data when it was killed; remove it to start');
  await database.transaction((tx) => demoData.insert(tx, { id: ID, filled: false, notes: [], changedAt: clock.now() }));
  const notes = (await fill?.()) ?? [];
  await database.transaction((tx) =>
    demoData.update(tx, { id: ID }, { filled: true, notes: [...notes], changedAt: clock.now() }),
  );
  return notes;
};
