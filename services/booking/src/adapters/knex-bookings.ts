import type { Sql, Tx } from '@parkwise/runtime';
import type { Bookings } from '../application/ports.ts';
import { expireBooking, type Booking, type BookingChange } from '../domain/booking.ts';
import type { Publish } from '../generated/messages.ts';
import { bookings, history, spots, toBooking, toPatch, toRow } from './booking-tables.ts';
import { noParentLock } from './no-parent-lock.ts';
import { publishChange } from './publish-change.ts';
import { windowHolders } from './window-holders.ts';

export interface KnexBookingsOptions {
  readonly publish: Publish;
  /** For reads outside a transaction. */
  readonly sql: Sql;
  /** Who holds the window, as the transaction sees it. Replaced by a sabotage alone. */
  readonly holders?: typeof windowHolders;
}

/** Bookings in SQL, with their history and their messages. */
export function knexBookings({ publish, sql, holders = windowHolders }: KnexBookingsOptions): Bookings {
  const save: Bookings['save'] = async (tx, change) => {
    const { id, version } = change.state;
    if (!(await bookings.updateVersion(tx, { id }, version - 1, toPatch(change.state)))) return 'stale';
    await record(tx, change);
    return 'saved';
  };

  const record = async (tx: Tx, change: BookingChange): Promise<void> => {
    const { id, version, status, updatedAt } = change.state;
    await history.insert(tx, { bookingId: id, version, status, at: updatedAt, changedBy: change.by });
    await publishChange(publish, tx, change);
  };

  /** The holds that are over by now end here, and not when the clock's job comes round. */
  const makeWay = async (tx: Tx, rivals: readonly Booking[], now: Date): Promise<boolean> => {
    for (const rival of rivals) {
      const expired = expireBooking(rival, now);
      if ('refused' in expired) return false;
      // Stale: another process has just expired it, which is as good.
      await save(tx, expired);
    }
    return true;
  };

  const lock = noParentLock(lockSpot);

  return {
    async add(tx, change) {
      const { spotId, window, createdAt } = change.state;
      await lock(tx, spotId);
      if (!(await makeWay(tx, await holders(tx, spotId, window), createdAt))) return 'overlaps';
      await bookings.insert(tx, toRow(change.state));
      await record(tx, change);
      return 'added';
    },
    save,
    async lock(tx, match) {
      const row = await bookings.first(tx, match, { forUpdate: true });
      return row && toBooking(row);
    },
    async due(now, limit) {
      const { columns } = bookings;
      const bounds = bookings.encode(sql, { expiresAt: now });
      const rows = await bookings.find(
        sql,
        (query) => {
          void query
            .where(columns.status, 'PENDING_PAYMENT')
            .where(columns.expiresAt, '<=', bounds[columns.expiresAt] as number);
        },
        { orderBy: ['expiresAt', 'id'], limit },
      );
      return rows.map(toBooking);
    },
  };
}

/**
 * Whoever books the spot waits here until everybody before has committed, and then sees what they have stored. SQLite lets a
 * single transaction write anyway; elsewhere, checking for overlaps without this lock lets two of them through.
 */
async function lockSpot(tx: Tx, id: string): Promise<void> {
  if (await spots.first(tx, { id }, { forUpdate: true })) return;
  // Not an insertion that ignores duplicates: of two at once, the second has to wait for the first one's lock.
  await spots.upsert(tx, { id });
}
