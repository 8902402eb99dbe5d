/** What is there in the end: rows of both databases and records of the log, whatever stack they are on. */
import { column, table, type Database, type RowOf } from '@parkwise/runtime';
import type { Broker } from '../world/broker.ts';
import type { Call } from './history.ts';

// Views of tables that the services own: a checker that took their word for what is in them would check nothing.
const bookings = table('bookings', {
  id: column.uuid(),
  spotId: column.uuid(),
  driverId: column.uuid(),
  startsAt: column.instant(),
  endsAt: column.instant(),
  status: column.text(),
  expiresAt: column.instant().optional(),
  version: column.integer(),
  createdAt: column.instant(),
});
const changes = table('booking_history', {
  bookingId: column.uuid(),
  version: column.integer(),
  status: column.text(),
  at: column.instant(),
});
const busyPeriods = table('busy_periods', {
  bookingId: column.uuid(),
  spotId: column.uuid(),
  startsAt: column.instant(),
  endsAt: column.instant(),
  state: column.text(),
  sequence: column.integer(),
});

export type BookingRow = RowOf<typeof bookings>;
export type ChangeRow = RowOf<typeof changes>;
export type BusyRow = RowOf<typeof busyPeriods>;

export interface EventRecord {
  readonly partition: number;
  readonly offset: number;
  readonly key: string;
  readonly eventId: string;
  readonly type: string;
  readonly sequence: number;
  /** Until when the window is held, where the event says so. */
  readonly expiresAt?: string;
}

export interface Evidence {
  readonly calls: readonly Call[];
  readonly bookings: readonly BookingRow[];
  readonly changes: readonly ChangeRow[];
  /** Of all bookings, partition by partition in order. */
  readonly events: readonly EventRecord[];
  /** What parking-lot has made of the events. */
  readonly busyPeriods: readonly BusyRow[];
  readonly takenAt: Date;
}

export interface EvidenceSources {
  readonly calls: readonly Call[];
  readonly booking: Database;
  readonly parkingLot: Database;
  readonly broker: Broker;
  /** Physical name of the topic of bookings. */
  readonly topic: string;
}

interface Wire {
  readonly metadata: { readonly eventId: string; readonly eventType: string; readonly aggregateVersion: number };
  readonly payload: { readonly expiresAt?: string };
}

export const takeEvidence = async ({
  calls,
  booking,
  parkingLot,
  broker,
  topic,
}: EvidenceSources): Promise<Evidence> => {
  // Rows first: what is published later than they were read is no proof of anything.
  const rows = {
    bookings: await bookings.find(booking, {}),
    changes: await changes.find(booking, {}),
    busyPeriods: await busyPeriods.find(parkingLot, {}),
  };
  const events = (await broker.read(topic)).map(({ partition, offset, key = '', value }): EventRecord => {
    const { metadata, payload } = JSON.parse(value) as Wire;
    return {
      partition,
      offset,
      key,
      eventId: metadata.eventId,
      type: metadata.eventType,
      sequence: metadata.aggregateVersion,
      ...(payload.expiresAt === undefined ? {} : { expiresAt: payload.expiresAt }),
    };
  });
  return { calls, ...rows, events, takenAt: new Date() };
};
