import type { OccupiedTimes } from '../domain/availability.ts';
import type { TimeWindow } from '../domain/time-window.ts';
import { instantText } from './instant.ts';

export const windowAnswer = ({ from, to }: TimeWindow) => ({ startsAt: instantText(from), endsAt: instantText(to) });

/** What is taken, as those who watch are told: bookings and blocks. */
export const takenWindows = ({ bookings, blocks }: OccupiedTimes = { bookings: [], blocks: [] }) => [
  ...bookings.map((window) => ({ status: 'RESERVED' as const, ...windowAnswer(window) })),
  ...blocks.map((window) => ({ status: 'BLOCKED' as const, ...windowAnswer(window) })),
];
