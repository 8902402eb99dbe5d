import type { Claims, ClaimSettings } from '../database-dialect.ts';
import type { Database } from '../database.ts';
import { isGone, newOwner } from '../process-owner.ts';

/**
 * SQLite has no row locks, and holding its one write lock while something is sent would stop every writer. So a shard is held by a
 * lease: taken and given back in short transactions, kept between runs, checked again in the transaction that relies on it.
 */
export function openSqliteClaims(database: Database, { table, leaseMs, clock }: ClaimSettings): Claims {
  const owner = newOwner();
  let shards: readonly number[] = [];
  let renewAt = 0;

  const renew = async (): Promise<void> => {
    const now = clock.now().getTime();
    shards = await database.transaction(async ({ knex }) => {
      const rows = await knex<ShardRow>(table).select('shard', 'owner', 'owned_until');
      const free = rows.filter(
        (row) => row.owner === null || row.owner === owner || Number(row.owned_until) <= now || isGone(row.owner),
      );
      const taken = free.map((row) => row.shard);
      await knex<ShardRow>(table)
        .whereIn('shard', taken)
        .update({ owner, owned_until: now + leaseMs });
      // Of shards that another holds, one looks more often whether they have become free.
      renewAt = now + (taken.length < rows.length ? Math.min(leaseMs / 2, 1_000) : leaseMs / 2);
      return taken;
    });
  };

  return {
    async run(work) {
      if (clock.now().getTime() >= renewAt) await renew();
      return work({
        shards,
        // Whoever holds the others keeps them.
        isContended: false,
        write: (change) =>
          database.transaction(async ({ knex }) => {
            const held = await knex<ShardRow>(table).where({ owner }).count({ count: '*' });
            if (Number(held[0]?.['count']) !== shards.length) {
              renewAt = 0;
              throw new Error(`The lease on ${table} went to another process`);
            }
            return change(knex);
          }),
      });
    },
    async release() {
      renewAt = 0;
      await database.transaction(async ({ knex }) => {
        await knex<ShardRow>(table).where({ owner }).update({ owner: null, owned_until: null });
      });
    },
  };
}

interface ShardRow {
  readonly shard: number;
  readonly owner: string | null;
  readonly owned_until: number | null;
}
