/** What the operations and messages need from outside. */
import type { Tx } from '@parkwise/runtime';
import type { Booking, BookingChange } from '../domain/booking.ts';
import type { BookingStatus } from '../domain/booking-status.ts';

/** Changes of bookings. Whatever is stored is published in the same transaction. */
export interface Bookings {
  /**
   * Stores a booking that has just been requested, unless another one holds a part of its window. Requests for one spot queue up
   * here, so that of two that overlap exactly one is added. A rival whose hold is over makes way: it expires.
   */
  add(tx: Tx, change: BookingChange): Promise<'added' | 'overlaps'>;
  /** Stores a change, unless somebody else has changed the booking since it was read. */
  save(tx: Tx, change: BookingChange): Promise<'saved' | 'stale'>;
  /** The booking, locked until the transaction ends; of nobody but `driverId`, if that is given. */
  lock(tx: Tx, match: { readonly id: string; readonly driverId?: string }): Promise<Booking | undefined>;
  /** Bookings whose hold is over at `now`, the most overdue first. */
  due(now: Date, limit: number): Promise<readonly Booking[]>;
}

/** Reading bookings. Whose they are is a part of each question, so that nobody sees what belongs to others. */
export interface BookingReads {
  ofDriver(driverId: string, bookingId: string): Promise<Booking | undefined>;
  historyOfDriver(driverId: string, bookingId: string): Promise<readonly HistoryEntry[] | undefined>;
  listOfDriver(driverId: string, page: PageRequest): Promise<Page>;
  /** undefined: no booking of this spot is with the provider. */
  listOfSpot(providerId: string, spotId: string, page: PageRequest): Promise<Page | undefined>;
}

export interface HistoryEntry {
  readonly status: BookingStatus;
  readonly at: Date;
  readonly by: BookingChange['by'];
}

/** Where a list goes on: behind this booking. */
export interface Place {
  readonly startsAt: Date;
  readonly id: string;
}

/** Bookings by their start, the last first. */
export interface PageRequest {
  readonly status?: BookingStatus | undefined;
  readonly after?: Place | undefined;
  readonly limit: number;
}

export interface Page {
  readonly items: readonly Booking[];
  /** Absent on the last page. */
  readonly next?: Place;
}
