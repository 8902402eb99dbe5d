import type { Knex } from 'knex';
import type { Claims, ClaimSettings } from '../database-dialect.ts';
import { inTransaction } from '../knex-transaction.ts';
import type { OpenAside } from './open-mariadb.ts';

/**
 * A shard is held by the lock on its row, for as long as the transaction lasts in which it is used: a process that is killed gives it
 * back with its connection, and two never hold it at once. A process that hangs while it holds some loses them when the server has
 * seen nothing of its transaction for the length of the lease: the connection is closed, another process gets the rows, and what
 * the hung one wants to write afterwards fails.
 */
export function openMariadbClaims(openAside: OpenAside, { table, leaseMs }: ClaimSettings): Claims {
  // A connection of its own: it stays open while something is sent, and requests need theirs.
  const { knex, close } = openAside({ idleTransactionMs: leaseMs, inTransactions: true });

  const lockFree = async (trx: Knex, wanted?: readonly number[]): Promise<readonly number[]> => {
    const query = trx<{ shard: number }>(table).select('shard').forUpdate().skipLocked();
    const rows = await (wanted ? query.whereIn('shard', wanted as number[]) : query);
    return rows.map(({ shard }) => shard);
  };

  return {
    async run(work, findWanted) {
      const wanted = await findWanted();
      if (wanted.length === 0) return work({ shards: [], isContended: false, write: nothingHeld });
      return inTransaction(knex, 'BEGIN', async (trx) => {
        const got = await lockFree(trx, wanted);
        const isContended = got.length < wanted.length;
        // Others are at work on all that was looked at; there may be more behind it.
        const shards = got.length > 0 ? got : await lockFree(trx);
        return work({ shards, isContended, write: (change) => change(trx) });
      });
    },
    release: close,
  };
}

const nothingHeld = (): Promise<never> => Promise.reject(new Error('No shard is held'));
