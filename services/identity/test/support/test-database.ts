import { loadMigrations, type Tx } from '@parkwise/runtime';
import { openTestDatabase as openEmptyDatabase } from '@parkwise/runtime/testing';
import type { Publish } from '../../src/generated/messages.ts';

/** A database with the service's tables, and a clock that the test moves. */
export async function openTestDatabase() {
  let time = new Date('2037-03-01T08:00:00Z');
  const clock = { now: () => time };
  const database = await openEmptyDatabase({ clock });
  await database.migrate(await loadMigrations(new URL('../../migrations/', import.meta.url)));
  return {
    clock,
    sql: database,
    transaction: <R>(work: (tx: Tx) => Promise<R>) => database.transaction(work),
    advance(milliseconds: number) {
      time = new Date(time.getTime() + milliseconds);
    },
    [Symbol.asyncDispose]: () => database.close(),
  };
}

export interface Published {
  readonly name: string;
  readonly data: unknown;
  readonly about: unknown;
}

/** Remembers what is published instead of storing it. */
export function recordingPublish(): { publish: Publish; published: Published[] } {
  const published: Published[] = [];
  const record = (name: string) => async (_tx: Tx, data: unknown, about: unknown) => {
    published.push({ name, data, about });
  };
  const publish: Publish = {
    userRegistered: record('UserRegistered'),
    providerRegistered: record('ProviderRegistered'),
    userProfileUpdated: record('UserProfileUpdated'),
  };
  return { publish, published };
}
