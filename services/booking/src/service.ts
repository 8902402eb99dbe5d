import { checkBeforeTransaction } from './adapters/check-before-transaction.ts';
import { knexBookingReads } from './adapters/knex-booking-reads.ts';
import { knexBookings } from './adapters/knex-bookings.ts';
import { windowHolders } from './adapters/window-holders.ts';
import { expireDueBookings } from './application/expire-due-bookings.ts';
import { defineService } from './generated/service.ts';

export default defineService(
  ({ publish, clients, config, clock, ids, log, sql }) => {
    const { parkingLot, holders } = checkBeforeTransaction({
      parkingLot: clients.parkingLot,
      holders: windowHolders,
      sql,
    });
    return {
      bookings: knexBookings({ publish, sql, holders }),
      reads: knexBookingReads(sql),
      parkingLot,
      holdMs: config.holdDuration,
      clock,
      ids,
      log,
    };
  },
  {
    jobs: ({ bookings, clock }, { config, transaction }) => [
      {
        name: 'expire-due-bookings',
        everyMs: config.expiryInterval,
        run: expireDueBookings({ bookings, clock, transaction }),
      },
    ],
  },
);
