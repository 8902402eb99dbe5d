import type { Tx } from '@parkwise/runtime';
import { spots } from './booking-tables.ts';

/** Makes whoever books the spot wait for everybody before. */
export type LockSpot = (tx: Tx, id: string) => Promise<void>;

/**
 * The sabotage `no-parent-lock`, for tests that have to show that they would notice: windows are checked and then booked without the
 * lock of the spot's row. Switched on by `PARKWISE_SABOTAGE`, in `PARKWISE_MODE=development` alone.
 */
export function noParentLock(lockSpot: LockSpot, env = process.env): LockSpot {
  const wanted = (env['PARKWISE_SABOTAGE'] ?? '').split(',').map((name) => name.trim());
  if (env['PARKWISE_MODE'] !== 'development' || !wanted.includes('no-parent-lock')) return lockSpot;
  return async (tx, id) => {
    // The bookings refer to the row, so it has to be there.
    if (!(await spots.first(tx, { id }))) await lockSpot(tx, id);
  };
}
