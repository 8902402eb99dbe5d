import type { BusyPeriods } from '../application/ports.ts';
import type { BusyState } from '../domain/busy-period.ts';
import { busyPeriodsTable } from './tables.ts';

const { columns } = busyPeriodsTable;

/** What bookings do to spots, in SQL: one row per booking, kept when the booking has ended. */
export const knexBusyPeriods = (): BusyPeriods => ({
  async ofBooking(tx, bookingId) {
    const row = await busyPeriodsTable.first(tx, { bookingId }, { forUpdate: true });
    if (!row) return undefined;
    const { spotId, startsAt, endsAt, sequence } = row;
    const window = { from: startsAt.getTime(), to: endsAt.getTime() };
    return { bookingId, spotId, window, state: row.state as BusyState, sequence };
  },

  async save(tx, { window, ...period }, now) {
    await busyPeriodsTable.upsert(tx, {
      ...period,
      startsAt: new Date(window.from),
      endsAt: new Date(window.to),
      changedAt: now,
    });
  },

  async anyAhead(tx, spotId, now) {
    const { [columns.endsAt]: instant } = busyPeriodsTable.encode(tx, { endsAt: now });
    const ahead = await busyPeriodsTable.first(tx, (query) =>
      query
        .where(columns.spotId, spotId)
        .whereNot(columns.state, 'FREED')
        .where(columns.endsAt, '>', instant as number),
    );
    return ahead !== undefined;
  },
});
