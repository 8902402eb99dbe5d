import type { Violation } from './check-history.ts';
import type { EventRecord, Evidence } from './evidence.ts';

const events: Readonly<Record<string, string>> = {
  PENDING_PAYMENT: 'BookingRequested',
  CONFIRMED: 'BookingConfirmed',
  CANCELLED: 'BookingCancelled',
  EXPIRED: 'BookingExpired',
};

const place = (id: string, version: number): string => `${id} v${version}`;

/**
 * Each change that was stored is announced by one event, and no event tells of anything else. The same event may be there several
 * times: a relay that was killed sends again, and whoever reads knows events by their ids.
 */
export const checkAnnouncements = ({ changes, events: records }: Evidence): Violation[] => {
  const found: Violation[] = [];
  const announced = Map.groupBy(records, ({ key, sequence }) => place(key, sequence));
  for (const { bookingId, version, status } of changes) {
    const what = `${events[status]} of ${place(bookingId, version)}`;
    const ids = new Set((announced.get(place(bookingId, version)) ?? []).map(({ eventId }) => eventId));
    if (ids.size === 0) found.push({ kind: 'not-announced', text: `there is no ${what}` });
    if (ids.size > 1) found.push({ kind: 'announced-twice', text: `there are ${ids.size} events ${what}` });
  }
  const stored = new Map(changes.map(({ bookingId, version, status }) => [place(bookingId, version), events[status]]));
  for (const [at, [record]] of announced) {
    if (record && stored.get(at) !== record.type)
      found.push({ kind: 'announced-never-happened', text: `${record.type} of ${at} tells of nothing that is stored` });
  }
  return found;
};

/** Whoever reads a key for the first time sees its versions in order, without a gap; and all in one partition. */
export const checkOrder = ({ events: records }: Evidence): Violation[] => {
  const found: Violation[] = [];
  for (const [key, list] of Map.groupBy(records, (record) => record.key)) {
    const partitions = new Set(list.map(({ partition }) => partition));
    if (partitions.size > 1)
      found.push({ kind: 'several-partitions', text: `${key} is in partitions ${[...partitions].join(', ')}` });
    const first = firstOfEach(list);
    const wrong = first.findIndex(({ sequence }, index) => index > 0 && sequence < (first[index - 1]?.sequence ?? 0));
    if (wrong >= 0)
      found.push({
        kind: 'out-of-order',
        text: `${key} comes as ${first.map(({ sequence }) => `v${sequence}`).join(', ')}`,
      });
  }
  return found;
};

const firstOfEach = (records: readonly EventRecord[]): readonly EventRecord[] => {
  const seen = new Set<string>();
  return records.filter(({ eventId }) => !seen.has(eventId) && seen.add(eventId));
};

const states: Readonly<Record<string, string>> = {
  PENDING_PAYMENT: 'HELD',
  CONFIRMED: 'BOOKED',
  CANCELLED: 'FREED',
  EXPIRED: 'FREED',
};

/** The other side has made of each booking what it has become. Taken once nothing is on its way any more. */
export const checkEffects = ({ bookings, busyPeriods }: Evidence): Violation[] => {
  const known = new Map(busyPeriods.map((period) => [period.bookingId, period]));
  return bookings.flatMap((booking): Violation[] => {
    const { id, status, version } = booking;
    const period = known.get(id);
    if (!period) return [{ kind: 'effect-missing', text: `parking-lot has never heard of ${id}` }];
    const same =
      period.sequence === version &&
      period.state === states[status] &&
      period.spotId === booking.spotId &&
      period.startsAt.getTime() === booking.startsAt.getTime() &&
      period.endsAt.getTime() === booking.endsAt.getTime();
    return same
      ? []
      : [
          {
            kind: 'effect-otherwise',
            text: `${id} is ${status} v${version}, and ${period.state} v${period.sequence} for parking-lot`,
          },
        ];
  });
};
