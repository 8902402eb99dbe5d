import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadMigrations, openDatabase, type Database, type Tx } from '@parkwise/runtime';
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

/** The service's tables in a real database, and the repository on it. `url` of a file: several of these can share it. */
export async function aDatabase(url = 'sqlite::memory:'): Promise<TestDatabase> {
  const database = await openDatabase(url);
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
export function aFile() {
  const directory = mkdtempSync(join(tmpdir(), 'booking-'));
  return { url: `sqlite:${join(directory, 'booking.sqlite')}`, remove: () => rmSync(directory, { recursive: true }) };
}
