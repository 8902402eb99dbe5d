/** A stretch of time: `from` belongs to it, `to` does not. Both in milliseconds since 1970, UTC. */
export interface TimeWindow {
  readonly from: number;
  readonly to: number;
}

const day = 86_400_000;
/** Time zone rules are known well enough within these; outside, a window is a typing mistake. */
const earliest = Date.UTC(2000, 0, 1);
const latest = Date.UTC(9999, 0, 1);

/** The longest window that can be searched, quoted or looked at, in days. */
export const longestWindowDays = 31;
/** The longest block, in days. */
export const longestBlockDays = 366;

/** Why the window cannot be used; undefined if it can. */
export function windowFault({ from, to }: TimeWindow, longestDays: number): string | undefined {
  if (Number.isNaN(from) || Number.isNaN(to)) return 'There is no such moment.';
  if (to <= from) return 'The window has to end after it starts.';
  if (from < earliest || to > latest) return 'The window has to lie between the years 2000 and 9998.';
  if (to - from > longestDays * day) return `The window may last ${longestDays} days at most.`;
  return undefined;
}

/** Whether the two have a moment in common. Windows that only touch do not. */
export const overlaps = (a: TimeWindow, b: TimeWindow): boolean => a.from < b.to && b.from < a.to;

/** The moments that are in both; undefined if there are none. */
export function intersection(a: TimeWindow, b: TimeWindow): TimeWindow | undefined {
  return overlaps(a, b) ? { from: Math.max(a.from, b.from), to: Math.min(a.to, b.to) } : undefined;
}
