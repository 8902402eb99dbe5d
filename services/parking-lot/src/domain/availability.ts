import { intersection, overlaps } from './time-window.ts';
import type { TimeWindow } from './time-window.ts';
import { closedDuring, isOpenThroughout } from './opening-hours.ts';
import type { OpeningHours } from './opening-hours.ts';

export type SlotState = 'FREE' | 'CLOSED' | 'BLOCKED' | 'BOOKED';

export interface Slot extends TimeWindow {
  readonly state: SlotState;
}

/** When a spot is taken. */
export interface OccupiedTimes {
  readonly blocks: readonly TimeWindow[];
  readonly bookings: readonly TimeWindow[];
}

/** All that decides when a spot can be had. */
export interface Schedule extends OccupiedTimes {
  readonly zone: string;
  readonly opening: OpeningHours;
}

/** Why the spot cannot be had for the whole window; where there are several reasons, the first of these. */
export type UnavailableReason = 'closed' | 'blocked' | 'booked';

/** Why the spot cannot be had for the whole window; undefined if it can. */
export function unavailableReason(schedule: Schedule, window: TimeWindow): UnavailableReason | undefined {
  if (!isOpenThroughout(schedule.opening, schedule.zone, window)) return 'closed';
  if (schedule.blocks.some((block) => overlaps(block, window))) return 'blocked';
  if (schedule.bookings.some((booking) => overlaps(booking, window))) return 'booked';
  return undefined;
}

/** The window in pieces, in order, without gaps, each of which is in one state. The same order of reasons decides. */
export function slots(schedule: Schedule, window: TimeWindow): readonly Slot[] {
  const layers = {
    CLOSED: closedDuring(schedule.opening, schedule.zone, window),
    BLOCKED: schedule.blocks,
    BOOKED: schedule.bookings,
  };
  const changes: { readonly at: number; readonly state: keyof typeof layers; readonly by: 1 | -1 }[] = [];
  for (const state of ['CLOSED', 'BLOCKED', 'BOOKED'] as const) {
    for (const time of layers[state]) {
      const inside = intersection(time, window);
      if (inside) changes.push({ at: inside.from, state, by: 1 }, { at: inside.to, state, by: -1 });
    }
  }
  changes.sort((a, b) => a.at - b.at);

  const running = { CLOSED: 0, BLOCKED: 0, BOOKED: 0 };
  const state = (): SlotState =>
    running.CLOSED > 0 ? 'CLOSED' : running.BLOCKED > 0 ? 'BLOCKED' : running.BOOKED > 0 ? 'BOOKED' : 'FREE';
  const pieces: { from: number; to: number; state: SlotState }[] = [];
  let from = window.from;
  const add = (to: number): void => {
    if (from === to) return;
    const last = pieces.at(-1);
    if (last?.state === state()) last.to = to;
    else pieces.push({ from, to, state: state() });
    from = to;
  };
  for (const change of changes) {
    add(change.at);
    running[change.state] += change.by;
  }
  add(window.to);
  return pieces;
}
