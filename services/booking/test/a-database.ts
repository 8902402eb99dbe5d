import { loadMigrations, openDatabase, type Database, type Tx } from '@parkwise/runtime';
import { createTestDatabase, openTestDatabase } from '@parkwise/runtime/testing';
import { knexBookings } from '../src/adapters/knex-bookings.ts';
import type { Bookings } from '../src/application/ports.ts';
import type { BookingChange } from '../src/domain/booking.ts';
import type { Publish } from '../src/generated/messages.ts';

export interface Published {
  readonly message: keyof Publish;
  readonly data: Readonly<Record<string, unknown>>;
  readonly about: { readonly key: string; readonly sequence?: number };
}

export interface TestDatabase {
  readonly database: Database;
  readonly bookings: Bookings;
  /** What the repository published, whether or not the transaction committed. */
  readonly published: readonly Published[];
  add(change: BookingChange): Promise<'added' | 'overlaps'>;
  save(change: BookingChange): Promise<'saved' | 'stale'>;
  close(): Promise<void>;
}

/** The service's tables in a real database, and the repository on it. Several of these can share the one of a `url`. */
export async function aDatabase(url?: string): Promise<TestDatabase> {
  // A test may ask for more at once than anybody waits for.
  const patience = { acquireTimeoutMs: 30_000 };
  const database = url === undefined ? await openTestDatabase(patience) : await openDatabase(url, patience);
  await database.migrate(await loadMigrations(new URL('../migrations/', import.meta.url)));
  const published: Published[] = [];
  const note =
    (message: keyof Publish) =>
    async (_tx: Tx, data: object, about: Published['about']): Promise<void> => {
      published.push({ message, data: { ...data }, about });
    };
  const publish: Publish = {
    bookingRequested: note('bookingRequested'),
    bookingConfirmed: note('bookingConfirmed'),
    bookingCancelled: note('bookingCancelled'),
    bookingExpired: note('bookingExpired'),
  };
  const bookings = knexBookings({ publish, sql: database });
  return {
    database,
    bookings,
    published,
    add: (change) => database.transaction((tx) => bookings.add(tx, change)),
    save: (change) => database.transaction((tx) => bookings.save(tx, change)),
    close: () => database.close(),
  };
}

/** A place for a database that several may open. */
export const aSharedDatabase = createTestDatabase;
