import type { Violation } from './check-history.ts';
import type { BookingRow, ChangeRow, Evidence } from './evidence.ts';
import type { BookRequest, Call } from './history.ts';

/** What a client was told has happened, has; what it was told has not, has not. */
export const checkAcknowledged = (evidence: Evidence): Violation[] => {
  const byId = new Map(evidence.bookings.map((booking) => [booking.id, booking]));
  const changesOf = Map.groupBy(evidence.changes, ({ bookingId }) => bookingId);
  return [...checkWishes(evidence, byId), ...evidence.calls.flatMap((call) => checkChange(call, byId, changesOf))];
};

interface Wish {
  readonly request: BookRequest;
  /** Booking ids that clients were told for it. */
  readonly told: ReadonlySet<string>;
  /** Each try was answered with no. */
  readonly refused: boolean;
  /** When the last try that was answered with no had been sent. */
  readonly refusedAfter: number | undefined;
}

const wishesOf = (calls: readonly Call[]): readonly Wish[] => {
  const byKey = Map.groupBy(
    calls.filter((call): call is Call & { readonly request: BookRequest } => call.request.op === 'book'),
    ({ request }) => `${request.driverId} ${request.key}`,
  );
  return [...byKey.values()].flatMap((tries) => {
    const [first] = tries;
    if (!first) return [];
    return {
      request: first.request,
      told: new Set(tries.flatMap(({ told }) => (told.outcome === 'done' ? [told.bookingId] : []))),
      refused: tries.every(({ told }) => told.outcome === 'refused'),
      refusedAfter: tries.findLast(({ told }) => told.outcome === 'refused')?.askedAt,
    };
  });
};

const thing = (one: { driverId: string; spotId: string; startsAt: string | Date; endsAt: string | Date }): string =>
  [one.driverId, one.spotId, new Date(one.startsAt).toISOString(), new Date(one.endsAt).toISOString()].join(' ');

const checkWishes = ({ calls, bookings }: Evidence, byId: ReadonlyMap<string, BookingRow>): Violation[] => {
  const found: Violation[] = [];
  const wishes = wishesOf(calls);
  const rows = Map.groupBy(bookings, thing);
  for (const { request, told } of wishes) {
    if (told.size > 1)
      found.push({
        kind: 'one-key-two-bookings',
        text: `key ${request.key} was answered with ${[...told].join(' and ')}`,
      });
    for (const id of told) {
      const row = byId.get(id);
      if (!row) found.push({ kind: 'acknowledged-missing', text: `booking ${id} was acknowledged and is not there` });
      else if (thing(row) !== thing(request))
        found.push({ kind: 'acknowledged-otherwise', text: `booking ${id} is not what was asked for` });
    }
  }
  // Several wishes may be for the same thing; how many bookings that can be is a matter of counting.
  const wanted = Map.groupBy(wishes, ({ request }) => thing(request));
  for (const [what, list] of rows) {
    found.push(...refusedByItself(wanted.get(what) ?? [], list));
    const possible = (wanted.get(what) ?? []).filter(({ refused }) => !refused).length;
    if (list.length <= possible) continue;
    const ids = list.map(({ id }) => id).join(', ');
    const asked = wanted.get(what)?.length ?? 0;
    if (asked === 0) found.push({ kind: 'nobody-asked', text: `nobody asked for ${ids}` });
    else if (possible === 0)
      found.push({ kind: 'refused-yet-there', text: `${ids}: the client was told that it is not there` });
    else found.push({ kind: 'one-key-two-bookings', text: `${ids}: ${list.length} bookings for ${possible} wishes` });
  }
  return found;
};

/** Whoever asks again with the same key is told what came of it, and not that somebody, namely they, was first. */
const refusedByItself = (wishes: readonly Wish[], rows: readonly BookingRow[]): Violation[] => {
  const [wish, ...rivals] = wishes;
  const [row] = rows;
  if (!wish || !row || rivals.length > 0 || wish.refused || wish.refusedAfter === undefined) return [];
  if (wish.refusedAfter <= row.createdAt.getTime()) return [];
  return [{ kind: 'refused-by-itself', text: `key ${wish.request.key} was refused although it had made ${row.id}` }];
};

/** Payments and cancellations. */
const checkChange = (
  { request, told }: Call,
  byId: ReadonlyMap<string, BookingRow>,
  changesOf: ReadonlyMap<string, readonly ChangeRow[]>,
): Violation[] => {
  if (request.op === 'book' || told.outcome !== 'done') return [];
  const { bookingId } = request;
  const statuses = (changesOf.get(bookingId) ?? []).map(({ status }) => status);
  if (request.op === 'cancel')
    return byId.get(bookingId)?.status === 'CANCELLED'
      ? []
      : [{ kind: 'acknowledged-missing', text: `the cancellation of ${bookingId} was acknowledged and is not there` }];
  // The broker has taken the payment: it confirms, unless the booking had ended before.
  return statuses.some((status) => ['CONFIRMED', 'CANCELLED', 'EXPIRED'].includes(status))
    ? []
    : [{ kind: 'payment-lost', text: `the payment of ${bookingId} was sent, and the booking knows nothing of it` }];
};
