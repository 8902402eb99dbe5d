/** What was told, in the service's database: versions without gaps, in the order of the commits. */
import type { Database } from '../persistence/database.ts';
import type { Tx } from '../persistence/tx.ts';
import type { Clock } from '../process/service-definition.ts';
import { liveChanges, liveFeeds } from './live-tables.ts';

/** One change of one feed. */
export interface Change {
  readonly feed: string;
  readonly version: number;
  /** Version of the change before; that of all feeds if there was none. */
  readonly previous: number;
  /** Name of the message in the contract. */
  readonly message: string;
  readonly data: unknown;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export interface ChangeLog {
  /** Appends within the transaction; others who tell the same feed wait until it ends. */
  append(tx: Tx, change: Pick<Change, 'feed' | 'message' | 'data'>): Promise<Change>;
  /** Latest versions in the order of the feeds, as committed. */
  versions(feeds: readonly string[]): Promise<readonly number[]>;
  /** The next changes after a version, oldest first, as far as they are kept. */
  after(feed: string, version: number, limit: number): Promise<readonly Change[]>;
  /** Deletes what is older. @returns how many rows */
  purge(before: Date): Promise<number>;
}

/** Feeds asked for in one statement. */
const CHUNK = 400;
/** Rows deleted in one transaction. */
const STEP = 500;

export const openChangeLog = async (database: Database, clock: Clock): Promise<ChangeLog> => {
  const beginning = await beginningOf(database, clock);
  return {
    async append(tx, { feed, message, data }) {
      const now = clock.now();
      const version = await nextVersion(tx, feed, beginning);
      const previous = version - 1;
      await liveChanges.insert(tx, { feed, version, previous, message, data, toldAt: now });
      return { feed, version, previous, message, data, at: now.getTime() };
    },

    async versions(feeds) {
      const known = new Map<string, number>();
      for (let start = 0; start < feeds.length; start += CHUNK) {
        const rows = await liveFeeds.find(database, { feed: feeds.slice(start, start + CHUNK) });
        for (const { feed, version } of rows) known.set(feed, version);
      }
      return feeds.map((feed) => known.get(feed) ?? beginning);
    },

    async after(feed, version, limit) {
      const rows = await liveChanges.find(
        database,
        (query) => void query.where(liveChanges.columns.feed, feed).where(liveChanges.columns.version, '>', version),
        { orderBy: 'version', limit },
      );
      return rows.map(({ toldAt, ...row }) => ({ ...row, at: toldAt.getTime() }));
    },

    async purge(before) {
      let total = 0;
      for (;;) {
        const gone = await database.transaction((tx) => purgeStep(tx, before));
        total += gone;
        if (gone < STEP) return total;
      }
    },
  };
};

/** No feed has this name. */
const BEGINNING = '';

/**
 * The version with which all feeds of a database begin: the time at which it was made, in milliseconds. A client that still knows
 * versions of a database that has been made anew since is never taken for one that is up to date.
 */
const beginningOf = async (database: Database, clock: Clock): Promise<number> => {
  const known = await liveFeeds.first(database, { feed: BEGINNING });
  if (known) return known.version;
  const version = clock.now().getTime();
  try {
    await database.transaction((tx) => liveFeeds.insert(tx, { feed: BEGINNING, version }));
    return version;
  } catch (error) {
    if (!database.dialect.isUniqueViolation(error)) throw error;
    // Another instance was first.
    return beginningOf(database, clock);
  }
};

const nextVersion = async (tx: Tx, feed: string, beginning: number): Promise<number> => {
  const next = await liveFeeds.increment(tx, { feed }, 'version');
  if (next !== undefined) return next;
  try {
    await liveFeeds.insert(tx, { feed, version: beginning + 1 });
    return beginning + 1;
  } catch (error) {
    if (!tx.dialect.isUniqueViolation(error)) throw error;
    // Another transaction was first, and has committed: go on from there.
    return nextVersion(tx, feed, beginning);
  }
};

const purgeStep = async (tx: Tx, before: Date): Promise<number> => {
  const rows = await liveChanges.find(
    tx,
    (query) => void query.where(liveChanges.columns.toldAt, '<', told(tx, before)),
    { limit: STEP },
  );
  const byFeed = Map.groupBy(rows, ({ feed }) => feed);
  for (const [feed, changes] of byFeed)
    await liveChanges.delete(tx, { feed, version: changes.map(({ version }) => version) });
  return rows.length;
};

const told = (tx: Tx, at: Date): number => liveChanges.encode(tx, { toldAt: at })[liveChanges.columns.toldAt] as number;
