import type { SpotEvent } from './spot.ts';
import type { TimeWindow } from './time-window.ts';

/**
 * What a booking does to a spot, as its events told it. It is kept after the booking has ended too: an event that comes late, or
 * twice, is recognised by its sequence.
 */
export interface BusyPeriod {
  readonly bookingId: string;
  readonly spotId: string;
  readonly window: TimeWindow;
  readonly state: BusyState;
  /** Place of the last event heeded among those of its booking. */
  readonly sequence: number;
}

/** `HELD` until it is paid, `BOOKED` from then on; `FREED` when it has been cancelled or has expired. */
export type BusyState = 'HELD' | 'BOOKED' | 'FREED';

export interface BusyChange {
  readonly period: BusyPeriod;
  readonly events: readonly SpotEvent[];
}

/** What a booking's event makes of what was known of it; undefined if the event is old news. */
export function followBooking(known: BusyPeriod | undefined, told: BusyPeriod, now: Date): BusyChange | undefined {
  if (known && told.sequence <= known.sequence) return undefined;
  const before = known && known.state !== 'FREED' ? known.window : undefined;
  const after = told.state !== 'FREED' ? told.window : undefined;
  if (before && after && before.from === after.from && before.to === after.to) return { period: told, events: [] };
  const changed = (window: TimeWindow | undefined, to: 'AVAILABLE' | 'RESERVED'): SpotEvent[] =>
    window ? [{ kind: 'occupation-changed', at: now, window, to }] : [];
  return { period: told, events: [...changed(before, 'AVAILABLE'), ...changed(after, 'RESERVED')] };
}
