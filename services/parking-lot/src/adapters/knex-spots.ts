import type { Sql, Tx } from '@parkwise/runtime';
import type { Spots } from '../application/ports.ts';
import type { Spot, SpotEvent } from '../domain/spot.ts';
import type { Publish } from '../generated/messages.ts';
import { announce } from './spot-announcements.ts';
import { fromRow, toRow } from './spot-row.ts';
import { blocksTable, spotsTable } from './tables.ts';
import type { Watchers } from './tell-watchers.ts';

const { columns } = spotsTable;

export interface KnexSpotsOptions {
  /** For reads outside of a transaction. */
  readonly sql: Sql;
  readonly publish: Publish;
  readonly watchers: Watchers;
}

/** Spots in SQL. */
export function knexSpots({ sql, publish, watchers }: KnexSpotsOptions): Spots {
  const send = announce(publish);

  const publishAll = async (tx: Tx, spot: Spot, events: readonly SpotEvent[], last: number): Promise<void> => {
    for (const [index, event] of events.entries()) {
      await send(tx, { spot, event, sequence: last - events.length + index + 1 });
    }
    await watchers.happened(tx, spot, events);
  };

  /** The spot's row is locked by the update, so that the messages stand in the outbox in the order of their sequence. */
  const tell = async (tx: Tx, spot: Spot, events: readonly SpotEvent[]): Promise<void> => {
    if (events.length === 0) return;
    const last = await spotsTable.increment(tx, { id: spot.id }, 'eventSequence', events.length);
    if (last !== undefined) await publishAll(tx, spot, events, last);
  };

  const read = async (where: Parameters<typeof spotsTable.first>[1]): Promise<Spot | undefined> => {
    const row = await spotsTable.first(sql, where);
    return row && fromRow(row);
  };

  return {
    visibleTo: (readerId, spotId) =>
      read((query) =>
        query
          .where(columns.id, spotId)
          .andWhere((either) => either.where(columns.status, 'LISTED').orWhere(columns.providerId, readerId)),
      ),

    ownedBy: (providerId, spotId) => read({ id: spotId, providerId }),

    async listOf(providerId, { status, after, limit }) {
      const rows = await spotsTable.find(
        sql,
        (query) => {
          void query.where(columns.providerId, providerId);
          if (status) void query.where(columns.status, status);
          if (!after) return;
          const key = spotsTable.encode(sql, { createdAt: new Date(after.key) })[columns.createdAt] as number;
          void query.where((earlier) =>
            earlier
              .where(columns.createdAt, '<', key)
              .orWhere((same) => same.where(columns.createdAt, key).where(columns.id, '<', after.id)),
          );
        },
        { orderBy: { createdAt: 'desc', id: 'desc' }, limit },
      );
      return rows.map(fromRow);
    },

    async lock(tx, spotId, providerId) {
      const where = { id: spotId, ...(providerId !== undefined && { providerId }) };
      const row = await spotsTable.first(tx, where, { forUpdate: true });
      return row && fromRow(row);
    },

    async add(tx, { spot, events }) {
      await spotsTable.insert(tx, { ...toRow(spot), eventSequence: events.length });
      await publishAll(tx, spot, events, events.length);
      await watchers.changed(tx, undefined, spot);
    },

    async save(tx, { spot, events }, version) {
      // Ratings are not the provider's to change.
      const said = { ...toRow(spot), ratingSum: undefined, ratingCount: undefined };
      const row = { ...said, description: spot.description ?? null };
      const { id, providerId } = spot;
      const before = await spotsTable.first(tx, { id, providerId });
      if (!(await spotsTable.updateVersion(tx, { id, providerId }, version, row))) return false;
      await tell(tx, spot, events);
      await watchers.changed(tx, before && fromRow(before), spot);
      return true;
    },

    async remove(tx, { spot, events }) {
      const { id, providerId, version } = spot;
      await tell(tx, spot, events);
      await blocksTable.delete(tx, { spotId: id });
      await watchers.changed(tx, spot, undefined);
      return (await spotsTable.delete(tx, { id, providerId, version })) > 0;
    },

    tell,
  };
}
