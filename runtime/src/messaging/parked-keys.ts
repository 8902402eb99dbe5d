/** Messages of consumers that need order: one that fails waits in a table, and the later ones of its key queue up behind it. */
import type { Database } from '../persistence/database.ts';
import { internalsOf } from '../persistence/database-dialect.ts';
import type { RowOf } from '../persistence/table.ts';
import { inbox, parkedMessages } from '../persistence/runtime-tables.ts';
import type { IncomingRecord } from './event-bus.ts';

export type ParkedMessage = RowOf<typeof parkedMessages>;

export interface Place {
  readonly consumer: string;
  readonly key: string;
  readonly eventId: string;
  readonly attempts: number;
  readonly dueAt: Date;
}

export interface Known {
  /** The message is in the inbox. */
  readonly handled: boolean;
  /** An earlier message of its key waits. */
  readonly parked: boolean;
}

/** Both questions that an ordered message raises, in one query: this is asked for every message. */
export async function lookUp(
  database: Database,
  { consumer, eventId, key }: { readonly consumer: string; readonly eventId: string; readonly key: string },
): Promise<Known> {
  const { knex } = database;
  const handled = knex.raw('exists (select 1 from ?? where consumer = ? and event_id = ?) as handled', [
    inbox.name,
    consumer,
    eventId,
  ]);
  const parked = knex.raw('exists (select 1 from ?? where consumer = ? and message_key = ?) as parked', [
    parkedMessages.name,
    consumer,
    key,
  ]);
  const [row] = (await knex.select(handled, parked)) as { readonly handled: unknown; readonly parked: unknown }[];
  return { handled: Number(row?.handled) === 1, parked: Number(row?.parked) === 1 };
}

/** A record that is parked already (it came twice) is left as it is. */
export async function park(database: Database, record: IncomingRecord, place: Place): Promise<void> {
  const { consumer, key, eventId, attempts, dueAt } = place;
  try {
    await database.transaction((tx) =>
      parkedMessages.insert(tx, {
        consumer,
        messageKey: key,
        eventId,
        topic: record.topic,
        partition: record.partition,
        position: record.offset,
        recordedAt: record.timestamp,
        headers: { ...record.headers },
        payload: record.value,
        attempts,
        dueAt,
      }),
    );
  } catch (error) {
    if (!database.dialect.isUniqueViolation(error)) throw error;
  }
}

/** The first message of each key that waits. */
export async function parkedHeads(database: Database, consumer: string): Promise<readonly ParkedMessage[]> {
  const { id, messageKey } = parkedMessages.columns;
  return parkedMessages.find(
    database,
    (query) =>
      query.whereIn(id, (heads) => {
        void heads.from(parkedMessages.name).where({ consumer }).groupBy(messageKey).min(id);
      }),
    { orderBy: 'id', limit: 1_000 },
  );
}

/** @returns false when another process works on it. */
export async function claimParked(
  database: Database,
  row: ParkedMessage,
  claim: { readonly owner: string; readonly now: Date; readonly until: Date },
): Promise<boolean> {
  const { isOwnerGone } = internalsOf(database.knex).dialect;
  return database.transaction(async (tx) => {
    const current = await parkedMessages.first(tx, { id: row.id }, { forUpdate: true });
    if (!current) return false;
    const { owner, ownedUntil } = current;
    if (owner !== undefined && owner !== claim.owner && (ownedUntil ?? claim.now) > claim.now && !isOwnerGone(owner)) {
      return false;
    }
    await parkedMessages.update(tx, { id: row.id }, { owner: claim.owner, ownedUntil: claim.until });
    return true;
  });
}

/** So that the next process need not wait for the lease to end. */
export async function releaseParked(database: Database, owner: string): Promise<void> {
  if ((await parkedMessages.count(database, { owner })) === 0) return;
  await database.transaction((tx) => parkedMessages.update(tx, { owner }, { owner: null, ownedUntil: null }));
}

export const recordOf = (row: ParkedMessage): IncomingRecord => ({
  topic: row.topic,
  partition: row.partition,
  offset: row.position,
  key: row.messageKey,
  headers: row.headers,
  value: row.payload,
  timestamp: row.recordedAt,
});
