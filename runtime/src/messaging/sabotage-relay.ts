/** Relays as they should not be, for tests that have to see themselves fail: see `sabotage.ts`. */
import type { Knex } from 'knex';
import { setTimeout as sleep } from 'node:timers/promises';
import { outbox } from '../persistence/runtime-tables.ts';
import type { Clock } from '../process/service-definition.ts';
import type { RelayOptions } from './relay.ts';

/** `relay-id-cursor`: what commits, or comes into these hands, later than a higher id is never sent. */
export const idCursor = () => {
  let last = 0;
  return {
    narrow: (query: Knex.QueryBuilder): void => void query.where(outbox.columns.id, '>', last),
    passed(rows: readonly { readonly id: number }[]): void {
      last = Math.max(last, ...rows.map(({ id }) => id));
    },
  };
};

const ROWS = 5;
const GAP_MS = 20;

/** `relay-claims-rows`: of two relays each has rows of the same key, and the later one may be sent first. */
export const claimRows = async ({ database, bus }: RelayOptions, clock: Clock): Promise<number> => {
  const rows = await database.transaction(async (tx) => {
    const free = await outbox.find(tx, (query) => void query.whereNull(outbox.columns.publishedAt), {
      orderBy: 'id',
      limit: ROWS,
    });
    for (const { id } of free) await outbox.update(tx, { id }, { publishedAt: clock.now() });
    return free;
  });
  await sleep(Math.random() * GAP_MS);
  await bus.send(
    rows.map((row) => ({ topic: row.topic, key: row.aggregateId, headers: row.headers, value: row.payload })),
  );
  // A full batch says that there is more.
  return rows.length === ROWS ? Number.MAX_SAFE_INTEGER : 0;
};
