import type { Sql } from '@parkwise/runtime';
import type { Blocks } from '../application/ports.ts';
import type { Block } from '../domain/block.ts';
import { blocksTable } from './tables.ts';
import type { BlockRow } from './tables.ts';

const { columns } = blocksTable;

/** Blocks in SQL. `sql` is for reads outside of a transaction. */
export const knexBlocks = ({ sql }: { readonly sql: Sql }): Blocks => ({
  async listOf(spotId, { now, after, limit }) {
    const instant = (value: Date) => blocksTable.encode(sql, { startsAt: value })[columns.startsAt] as number;
    const rows = await blocksTable.find(
      sql,
      (query) => {
        void query.where(columns.spotId, spotId).where(columns.endsAt, '>', instant(now));
        if (after) {
          const from = instant(new Date(after.key));
          void query.where((later) =>
            later
              .where(columns.startsAt, '>', from)
              .orWhere((same) => same.where(columns.startsAt, from).where(columns.id, '>', after.id)),
          );
        }
      },
      { orderBy: { startsAt: 'asc', id: 'asc' }, limit },
    );
    return rows.map(fromRow);
  },

  async add(tx, { window, ...block }) {
    await blocksTable.insert(tx, { ...block, startsAt: new Date(window.from), endsAt: new Date(window.to) });
  },

  async remove(tx, spotId, blockId) {
    const row = await blocksTable.first(tx, { id: blockId, spotId });
    if (!row || (await blocksTable.delete(tx, { id: blockId, spotId })) === 0) return undefined;
    return fromRow(row);
  },
});

const fromRow = ({ startsAt, endsAt, ...row }: BlockRow): Block => ({
  ...row,
  window: { from: startsAt.getTime(), to: endsAt.getTime() },
});
