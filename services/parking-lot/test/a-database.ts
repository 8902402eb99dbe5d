import { loadMigrations } from '@parkwise/runtime';
import type { Tx } from '@parkwise/runtime';
import { openTestDatabase } from '@parkwise/runtime/testing';
import { knexBlocks } from '../src/adapters/knex-blocks.ts';
import { knexBusyPeriods } from '../src/adapters/knex-busy-periods.ts';
import { knexCalendar } from '../src/adapters/knex-calendar.ts';
import { knexSpotSearch } from '../src/adapters/knex-spot-search.ts';
import { knexSpots } from '../src/adapters/knex-spots.ts';
import type { Publish } from '../src/generated/messages.ts';

export interface Published {
  readonly message: keyof Publish;
  readonly data: Readonly<Record<string, unknown>>;
  readonly about: { readonly key: string; readonly sequence?: number };
}

/** The service's tables in a real database, the repositories on it, and what they published. */
export async function aDatabase() {
  const database = await openTestDatabase();
  await database.migrate(await loadMigrations(new URL('../migrations/', import.meta.url)));
  const published: Published[] = [];
  const note =
    (message: keyof Publish) =>
    async (_tx: Tx, data: object, about: Published['about']): Promise<void> => {
      published.push({ message, data: { ...data }, about });
    };
  const publish: Publish = {
    parkingSpotListed: note('parkingSpotListed'),
    parkingSpotUpdated: note('parkingSpotUpdated'),
    parkingSpotAvailabilityChanged: note('parkingSpotAvailabilityChanged'),
  };
  // Who watches is told through the whole service, in its own tests.
  const watchers = { happened: async () => undefined, changed: async () => undefined };
  const given = { sql: database, publish, watchers };
  return {
    /** Runs work in a transaction. */
    write: <R>(work: (tx: Tx) => Promise<R>): Promise<R> => database.transaction(work),
    spots: knexSpots(given),
    blocks: knexBlocks(given),
    busyPeriods: knexBusyPeriods(),
    calendar: knexCalendar(given),
    search: knexSpotSearch(given),
    sql: database,
    published: published as readonly Published[],
    close: () => database.close(),
  };
}
