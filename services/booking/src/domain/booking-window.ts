/** A span of time, half-open: its start belongs to it, its end does not. */
export interface BookingWindow {
  readonly startsAt: Date;
  readonly endsAt: Date;
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

export const SHORTEST_WINDOW_MS = 15 * MINUTE;
export const LONGEST_WINDOW_MS = 31 * DAY;

/** Whether a driver may ask for the window: it starts in the future and lasts from 15 minutes to 31 days. Invalid dates never do. */
export function isBookable({ startsAt, endsAt }: BookingWindow, now: Date): boolean {
  const length = endsAt.getTime() - startsAt.getTime();
  return startsAt.getTime() > now.getTime() && length >= SHORTEST_WINDOW_MS && length <= LONGEST_WINDOW_MS;
}

/** Whether two windows share a moment. One that starts when the other ends does not. */
export const overlaps = (one: BookingWindow, other: BookingWindow): boolean =>
  one.startsAt.getTime() < other.endsAt.getTime() && other.startsAt.getTime() < one.endsAt.getTime();
