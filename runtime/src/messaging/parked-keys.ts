/** Messages of consumers that need order: one that fails waits in a table, and the later ones of its key queue up behind it. */
import type { Database } from '../persistence/database.ts';
import { internalsOf } from '../persistence/database-dialect.ts';
import type { RowOf } from '../persistence/table.ts';
import { parkedMessages } from '../persistence/runtime-tables.ts';
import type { IncomingRecord } from './event-bus.ts';

export type ParkedMessage = RowOf<typeof parkedMessages>;

export interface Place {
  readonly consumer: string;
  readonly key: string;
  readonly eventId: string;
  readonly attempts: number;
  readonly dueAt: Date;
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
