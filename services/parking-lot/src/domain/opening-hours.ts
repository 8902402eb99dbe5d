import type { TimeWindow } from './time-window.ts';
import { clockPieces, covers, isForward, minuteOf } from './wall-clock.ts';
import type { Day, WeeklyPeriod } from './wall-clock.ts';

/** Some days of the calendar, both ends included: `2026-06-01`. */
export interface DateRange {
  readonly firstDay: string;
  readonly lastDay: string;
}

/** When a spot can be used at all. What is missing restricts nothing. */
export interface OpeningHours {
  readonly weekly?: readonly WeeklyPeriod[];
  readonly seasons?: readonly DateRange[];
}

/** Why the hours contradict themselves; undefined if they do not. */
export function openingHoursFault({ weekly = [], seasons = [] }: OpeningHours): string | undefined {
  if (!weekly.every(isForward)) return 'Hours have to end after they start, on the same day.';
  if (overlap(weekly)) return 'Hours must not overlap.';
  if (seasons.some(({ firstDay, lastDay }) => lastDay < firstDay)) return 'A season cannot end before it starts.';
  return undefined;
}

/** Whether the spot is open for the whole window. */
export const isOpenThroughout = (opening: OpeningHours, zone: string, window: TimeWindow): boolean =>
  closedPieces(opening, zone, window).next().done === true;

/** The parts of the window during which the spot is closed, in order, those that touch put together. */
export function closedDuring(opening: OpeningHours, zone: string, window: TimeWindow): readonly TimeWindow[] {
  const closed: { from: number; to: number }[] = [];
  for (const { from, to } of closedPieces(opening, zone, window)) {
    const last = closed.at(-1);
    if (last?.to === from) last.to = to;
    else closed.push({ from, to });
  }
  return closed;
}

function* closedPieces(
  { weekly, seasons }: OpeningHours,
  zone: string,
  window: TimeWindow,
): Generator<TimeWindow, void> {
  if (!weekly && !seasons) return;
  for (const piece of clockPieces(zone, window, weekly ?? [])) {
    const inHours = !weekly || weekly.some((hours) => covers(hours, piece));
    const inSeason =
      !seasons || seasons.some(({ firstDay, lastDay }) => firstDay <= piece.date && piece.date <= lastDay);
    if (!inHours || !inSeason) yield piece;
  }
}

function overlap(weekly: readonly WeeklyPeriod[]): boolean {
  const byDay = new Map<Day, [start: number, end: number][]>();
  for (const { days, from, to } of weekly) {
    for (const day of days) byDay.set(day, [...(byDay.get(day) ?? []), [minuteOf(from), minuteOf(to)]]);
  }
  return [...byDay.values()].some((hours) => {
    hours.sort(([a], [b]) => a - b);
    return hours.some(([start], index) => index > 0 && start < (hours[index - 1]?.[1] ?? 0));
  });
}
