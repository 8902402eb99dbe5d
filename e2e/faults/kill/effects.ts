/** Holds what bookings were committed against what parking-lot made of them, over the three SQLite files at once. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Platform } from '../../platform/start-platform.ts';

export interface Effects {
  readonly bookings: number;
  /** Committed bookings that the log does not know, or whose event has no inbox row or no availability. */
  readonly lost: number;
  /** Events whose effect happened more than once. */
  readonly doubled: number;
}

export interface InFlight {
  /** Bookings that were committed and not yet in the log. */
  readonly unpublished: number;
  /** Events whose effect was committed and whose offset was not. */
  readonly unacknowledged: number;
}

const REQUESTED = `
  SELECT DISTINCT key AS booking_id, json_extract(value, '$.metadata.eventId') AS event_id
  FROM log.records r JOIN log.topics t ON t.id = r.topic
  WHERE t.name = 'parkwise.booking.events' AND json_extract(value, '$.metadata.eventType') = 'BookingRequested'`;

const LOST = `
  SELECT count(*) AS n FROM bookings b
    LEFT JOIN (${REQUESTED}) e ON e.booking_id = b.id
    LEFT JOIN lot.parkwise_inbox i ON i.event_id = e.event_id
    LEFT JOIN lot.busy_periods p ON p.booking_id = b.id AND p.spot_id = b.spot_id AND p.starts_at = b.starts_at AND p.ends_at = b.ends_at
  WHERE e.event_id IS NULL OR i.event_id IS NULL OR p.booking_id IS NULL`;

const DOUBLED = `
  SELECT count(*) AS n FROM (
    SELECT json_extract(value, '$.metadata.causationId') AS cause
    FROM log.records r JOIN log.topics t ON t.id = r.topic
    WHERE t.name = 'parkwise.parking-lot.events' AND json_extract(value, '$.metadata.eventType') = 'ParkingSpotAvailabilityChanged'
    GROUP BY cause HAVING count(DISTINCT json_extract(value, '$.metadata.eventId')) > 1)`;

const UNPUBLISHED = `SELECT count(*) AS n FROM (SELECT id FROM bookings EXCEPT SELECT key FROM log.records)`;

const UNACKNOWLEDGED = `
  SELECT count(*) AS n FROM log.assignments a
    JOIN log.topics t ON t.id = a.topic AND t.name = 'parkwise.booking.events'
    JOIN log.records r ON r.topic = a.topic AND r.partition = a.partition AND r.position >= a.committed
    JOIN lot.parkwise_inbox i ON i.event_id = json_extract(r.value, '$.metadata.eventId')
  WHERE a.group_name = 'parking-lot'`;

const UNHANDLED = `
  SELECT count(*) AS n FROM log.assignments a
    JOIN log.topics t ON t.id = a.topic AND t.name = 'parkwise.booking.events'
    JOIN log.records r ON r.topic = a.topic AND r.partition = a.partition AND r.position >= a.committed
  WHERE a.group_name = 'parking-lot'`;

/** The databases of a platform, opened together for reading. */
export const openEffects = (platform: Platform) => {
  const file = (name: string): string => join(platform.root, '.parkwise/data', `${name}.sqlite`);
  const db = new DatabaseSync(file('booking'), { timeout: 5_000 });
  db.exec(`ATTACH '${file('parking-lot')}' AS lot; ATTACH '${file('events')}' AS log; PRAGMA query_only = 1`);
  const count = (sql: string): number => Number(db.prepare(sql).get()?.['n']);

  return {
    effects: (): Effects => ({
      bookings: count('SELECT count(*) AS n FROM bookings'),
      lost: count(LOST),
      doubled: count(DOUBLED),
    }),
    inFlight: (): InFlight => ({ unpublished: count(UNPUBLISHED), unacknowledged: count(UNACKNOWLEDGED) }),
    /** How many of the bookings that clients were told of are not there. */
    forgotten(acknowledged: ReadonlySet<string>): number {
      const stored = new Set(
        db
          .prepare('SELECT id FROM bookings')
          .all()
          .map(({ id }) => id),
      );
      return [...acknowledged].filter((id) => !stored.has(id)).length;
    },
    /** Resolves once nothing is on its way any more, or after the deadline: then what is missing is missing. */
    async settled(deadlineMs: number): Promise<void> {
      const deadline = performance.now() + deadlineMs;
      while (count(UNHANDLED) + count(UNPUBLISHED) > 0 && performance.now() < deadline) {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    close: () => db.close(),
  };
};
