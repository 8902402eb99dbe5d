import type { SpotEvent } from './spot.ts';
import { longestBlockDays, windowFault } from './time-window.ts';
import type { TimeWindow } from './time-window.ts';

/** A time at which a provider keeps a spot back. */
export interface Block {
  readonly id: string;
  readonly spotId: string;
  readonly providerId: string;
  readonly window: TimeWindow;
  readonly reason?: string;
  readonly createdAt: Date;
}

/** Why the spot cannot be blocked then; undefined if it can. A block that is over before it is made makes no sense. */
export function blockFault(window: TimeWindow, now: Date): string | undefined {
  const fault = windowFault(window, longestBlockDays);
  if (fault) return fault;
  return window.to <= now.getTime() ? 'The window is over.' : undefined;
}

export const blocked = ({ window }: Block, at: Date): SpotEvent => ({
  kind: 'occupation-changed',
  at,
  window,
  to: 'BLOCKED',
});

export const unblocked = ({ window }: Block, at: Date): SpotEvent => ({
  kind: 'occupation-changed',
  at,
  window,
  to: 'AVAILABLE',
});
