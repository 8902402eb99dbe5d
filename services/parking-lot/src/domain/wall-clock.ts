import type { TimeWindow } from './time-window.ts';
import { offsetStretches } from './time-zone.ts';

export type Day = 'MON' | 'TUE' | 'WED' | 'THU' | 'FRI' | 'SAT' | 'SUN';

/** The same hours on some days of the week. `from` and `to` are `HH:MM`, and `24:00` is the end of the day. */
export interface WeeklyPeriod {
  readonly days: readonly Day[];
  readonly from: string;
  readonly to: string;
}

/** A stretch of time during which the clock on the wall does not pass any of the given times, nor midnight. */
export interface ClockPiece extends TimeWindow {
  /** The day of the calendar there: `2026-03-02`. */
  readonly date: string;
  readonly day: Day;
  /** Minutes since midnight by that clock, at the start of the piece. */
  readonly minute: number;
}

const days: readonly Day[] = ['MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN'];
const msPerMinute = 60_000;
const msPerDay = 86_400_000;

/** `'08:30'` → 510. */
export const minuteOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

/** Whether the period ends after it starts. */
export const isForward = ({ from, to }: WeeklyPeriod): boolean => minuteOf(from) < minuteOf(to);

/** Whether the piece lies in the period, given that the period's times were among those at which it was cut. */
export const covers = (period: WeeklyPeriod, { day, minute }: ClockPiece): boolean =>
  period.days.includes(day) && minuteOf(period.from) <= minute && minute < minuteOf(period.to);

/**
 * Cuts the window at each midnight and at the times at which one of the periods starts or ends, by the clock of the zone. What
 * the clock shows decides: an hour that is skipped in spring belongs to no period, one that is shown twice in autumn belongs to
 * its period both times.
 */
export function* clockPieces(
  zone: string,
  window: TimeWindow,
  periods: readonly WeeklyPeriod[],
): Generator<ClockPiece, void> {
  const times = [...new Set([0, ...periods.flatMap(({ from, to }) => [minuteOf(from), minuteOf(to)])])];
  times.sort((a, b) => a - b);
  for (const { from, to, offset } of offsetStretches(zone, window)) {
    for (let midnight = floorTo(from + offset, msPerDay); midnight < to + offset; midnight += msPerDay) {
      const date = new Date(midnight).toISOString().slice(0, 10);
      for (const [index, time] of times.entries()) {
        const start = Math.max(midnight + time * msPerMinute, from + offset);
        const end = Math.min(midnight + (times[index + 1] ?? 1440) * msPerMinute, to + offset);
        const minute = Math.floor((start - midnight) / msPerMinute);
        if (start < end) yield { from: start - offset, to: end - offset, date, day: dayOf(midnight), minute };
      }
    }
  }
}

const floorTo = (value: number, step: number): number => Math.floor(value / step) * step;

/** 1970 began on a Thursday. */
const dayOf = (midnight: number): Day => days[(midnight / msPerDay + 3) % 7] ?? 'MON';
