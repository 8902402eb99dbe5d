import type { Tx } from '@parkwise/runtime';
import type { OccupiedTimes } from '../domain/availability.ts';
import type { Block } from '../domain/block.ts';
import type { BusyPeriod } from '../domain/busy-period.ts';
import type { Point } from '../domain/geography.ts';
import type { Occupancy } from '../domain/pricing.ts';
import type { SpotMatch } from '../domain/search.ts';
import type { Spot, SpotChange, SpotEvent, SpotStatus, SpotType, Amenity } from '../domain/spot.ts';
import type { TimeWindow } from '../domain/time-window.ts';

/** A piece of a list: what comes after a place in it, and how much of that. Keys are instants, in milliseconds. */
export interface Page {
  readonly after?: { readonly key: number; readonly id: string } | undefined;
  readonly limit: number;
}

/** The spots and what is told of them: whatever is stored here, its events are published in the same transaction. */
export interface Spots {
  /** A listed spot, or one of the reader's own. */
  visibleTo(readerId: string, spotId: string): Promise<Spot | undefined>;
  ownedBy(providerId: string, spotId: string): Promise<Spot | undefined>;
  /** The latest first. */
  listOf(providerId: string, page: Page & { readonly status?: SpotStatus | undefined }): Promise<readonly Spot[]>;
  /** Keeps the spot as it is until the transaction ends; with `providerId` only one of that provider's. */
  lock(tx: Tx, spotId: string, providerId?: string): Promise<Spot | undefined>;
  add(tx: Tx, change: SpotChange): Promise<void>;
  /** False if the spot is no longer at that version. */
  save(tx: Tx, change: SpotChange, version: number): Promise<boolean>;
  /** Takes its blocks along. False if the spot is no longer at its version. */
  remove(tx: Tx, change: SpotChange): Promise<boolean>;
  /** Publishes what happened around a spot that has not been changed itself. */
  tell(tx: Tx, spot: Spot, events: readonly SpotEvent[]): Promise<void>;
}

export interface SearchCriteria {
  readonly centre: Point;
  /** In metres. */
  readonly radius: number;
  readonly type?: SpotType | undefined;
  /** All of these. */
  readonly amenities: readonly Amenity[];
  /** The highest base price per hour, in minor units. */
  readonly maxPrice?: number | undefined;
}

export interface SpotSearch {
  /** Listed spots within the radius, in no order. */
  around(criteria: SearchCriteria): Promise<readonly SpotMatch[]>;
  /** Those of the spots that are still listed. */
  listed(spotIds: readonly string[]): Promise<ReadonlyMap<string, Spot>>;
}

/** What is taken, by bookings and by blocks. */
export interface Calendar {
  /** By spot, what overlaps the window. A spot without any has no entry. */
  during(spotIds: readonly string[], window: TimeWindow): Promise<ReadonlyMap<string, OccupiedTimes>>;
  /** Whether a booking or a block overlaps the window. */
  isTaken(tx: Tx, spotId: string, window: TimeWindow): Promise<boolean>;
  /**
   * Of the listed spots within a kilometre of each place, how many are booked at some time of the window: in the order of the places.
   * Several places near each other cost little more than one.
   */
  occupancyAround(places: readonly Point[], window: TimeWindow): Promise<readonly Occupancy[]>;
}

export interface Blocks {
  /** Those that end after `now`, the earliest first. */
  listOf(spotId: string, page: Page & { readonly now: Date }): Promise<readonly Block[]>;
  add(tx: Tx, block: Block): Promise<void>;
  /** The block that has been removed; undefined if the spot has no such block. */
  remove(tx: Tx, spotId: string, blockId: string): Promise<Block | undefined>;
}

export interface BusyPeriods {
  ofBooking(tx: Tx, bookingId: string): Promise<BusyPeriod | undefined>;
  save(tx: Tx, period: BusyPeriod, now: Date): Promise<void>;
  /** Whether the spot has a booking that has not ended by `now`. */
  anyAhead(tx: Tx, spotId: string, now: Date): Promise<boolean>;
}
