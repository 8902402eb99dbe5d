import type { CheckSettings, Violation } from './check-history.ts';
import type { BookingRow, Evidence } from './evidence.ts';

const holding: ReadonlySet<string> = new Set(['PENDING_PAYMENT', 'CONFIRMED', 'ACTIVE', 'COMPLETED']);
const over: ReadonlySet<string> = new Set(['CANCELLED', 'EXPIRED']);

/**
 * No two bookings of a spot whose windows share a moment, unless one of them had given its window back before the other was made.
 */
export const checkBookings = (evidence: Evidence, { slackMs }: CheckSettings): Violation[] => {
  const found: Violation[] = [];
  const heldUntil = endsOfHolds(evidence);
  for (const ofSpot of Map.groupBy(evidence.bookings, ({ spotId }) => spotId).values()) {
    const sorted = ofSpot.toSorted((a, b) => a.startsAt.getTime() - b.startsAt.getTime());
    for (const [index, one] of sorted.entries()) {
      for (const other of sorted.slice(index + 1)) {
        if (other.startsAt >= one.endsAt) break;
        if (isShared(one, other, heldUntil, slackMs))
          found.push({
            kind: 'double-booking',
            text: `${one.id} (${one.status}) and ${other.id} (${other.status}) hold spot ${one.spotId} at ${other.startsAt.toISOString()}`,
          });
      }
    }
  }
  return found;
};

const isShared = (
  one: BookingRow,
  other: BookingRow,
  heldUntil: ReadonlyMap<string, number>,
  slackMs: number,
): boolean => {
  if (holding.has(one.status) && holding.has(other.status)) return true;
  // A booking is stamped before it waits for its turn, so that a hold which ended meanwhile seems to overlap a little.
  const from = Math.max(one.createdAt.getTime(), other.createdAt.getTime());
  const until = Math.min(heldUntil.get(one.id) ?? Infinity, heldUntil.get(other.id) ?? Infinity);
  return until - from > slackMs;
};

const endsOfHolds = ({ changes }: Evidence): ReadonlyMap<string, number> =>
  new Map(changes.filter(({ status }) => over.has(status)).map(({ bookingId, at }) => [bookingId, at.getTime()]));

/** A hold that nobody has paid for ends when it said it would, and no payment confirms it later. */
export const checkHolds = (
  { bookings, changes, events, takenAt }: Evidence,
  { slackMs }: CheckSettings,
): Violation[] => {
  const found: Violation[] = [];
  for (const { id, status, expiresAt } of bookings) {
    if (status !== 'PENDING_PAYMENT' || !expiresAt || expiresAt.getTime() + slackMs >= takenAt.getTime()) continue;
    found.push({ kind: 'held-too-long', text: `${id} still holds its window, until ${expiresAt.toISOString()}` });
  }
  const promised = new Map(events.flatMap(({ key, expiresAt }) => (expiresAt ? [[key, Date.parse(expiresAt)]] : [])));
  for (const { bookingId, status, at } of changes) {
    const end = promised.get(bookingId);
    if (end === undefined) continue;
    if (status === 'CONFIRMED' && at.getTime() > end)
      found.push({
        kind: 'confirmed-too-late',
        text: `${bookingId} was confirmed at ${at.toISOString()}, after its hold`,
      });
    if (status === 'EXPIRED' && at.getTime() > end + slackMs)
      found.push({ kind: 'held-too-long', text: `${bookingId} expired ${at.getTime() - end} ms after its hold` });
  }
  return found;
};
