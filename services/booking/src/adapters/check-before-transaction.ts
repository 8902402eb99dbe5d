import type { Sql } from '@parkwise/runtime';
import type { ParkingLot } from '../generated/clients.ts';
import type { windowHolders } from './window-holders.ts';

/** What a sabotage replaces. */
interface Parts {
  readonly parkingLot: ParkingLot;
  /** Who holds a window, as the transaction that books it sees it. */
  readonly holders: typeof windowHolders;
}

/**
 * The sabotage `check-before-transaction`, for tests that have to show that they would notice: windows are looked up before the
 * transaction is opened (before the price is asked for) instead of in it, so that two drivers can get the same one. Switched on by
 * `PARKWISE_SABOTAGE` (names with commas between them), in `PARKWISE_MODE=development` alone.
 */
export function checkBeforeTransaction(parts: Parts & { readonly sql: Sql }, env = process.env): Parts {
  const { parkingLot, holders, sql } = parts;
  const wanted = (env['PARKWISE_SABOTAGE'] ?? '').split(',').map((name) => name.trim());
  if (env['PARKWISE_MODE'] !== 'development' || !wanted.includes('check-before-transaction'))
    return { parkingLot, holders };
  return {
    holders: async () => [],
    parkingLot: {
      ...parkingLot,
      async getQuote(request) {
        const { from, to } = request.query;
        const rivals = await holders(sql, request.path.spotId, { startsAt: new Date(from), endsAt: new Date(to) });
        const quote = await parkingLot.getQuote(request);
        if (quote.status !== 200 || rivals.length === 0) return quote;
        return { ...quote, body: { ...quote.body, available: false, unavailableReason: 'blocked' } };
      },
    },
  };
}
