import type { TimeWindow } from './time-window.ts';

/** A stretch of time throughout which the clocks of a zone are `offset` milliseconds ahead of UTC. */
export interface OffsetStretch extends TimeWindow {
  readonly offset: number;
}

const hour = 3_600_000;
/** A clock costs 50 µs to make. There are some 600 zones, but their names may be written in many ways. */
const clocks = new Map<string, Intl.DateTimeFormat>();
const mostClocks = 1000;

/** A search asks for one window again and again: a month takes a hundred readings of the clock. */
const foundStretches = new Map<string, readonly OffsetStretch[]>();
const mostStretches = 100;

/** The IANA name with the right capitals (`europe/madrid` → `Europe/Madrid`); undefined if there is no such zone. */
export function timeZoneNamed(name: string): string | undefined {
  try {
    const known = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
    return known.toLowerCase() === name.toLowerCase() ? known : name;
  } catch {
    return undefined;
  }
}

/**
 * Cuts the window where the zone's clocks are put forward or back. Within a stretch, wall clock time is the instant plus the
 * offset, so that everything that follows is plain arithmetic. Two changes within six hours of each other are not seen; no zone
 * has had such since 2000.
 */
export function offsetStretches(zone: string, window: TimeWindow): readonly OffsetStretch[] {
  const name = `${zone} ${window.from} ${window.to}`;
  const known = foundStretches.get(name);
  if (known) return known;
  const stretches = findStretches(zone, window);
  if (foundStretches.size >= mostStretches) foundStretches.clear();
  foundStretches.set(name, stretches);
  return stretches;
}

function findStretches(zone: string, window: TimeWindow): readonly OffsetStretch[] {
  const stretches: OffsetStretch[] = [];
  let from = window.from;
  let offset = offsetAt(zone, from);
  for (let at = from; at < window.to;) {
    const next = Math.min(at + 6 * hour, window.to);
    const offsetThen = offsetAt(zone, next);
    if (offsetThen !== offset) {
      const change = changeBetween(zone, { from: at, to: next });
      if (change < window.to) {
        stretches.push({ from, to: change, offset });
        from = change;
        offset = offsetThen;
      }
    }
    at = next;
  }
  stretches.push({ from, to: window.to, offset });
  return stretches;
}

/** The first instant with the offset that holds at the window's end. */
function changeBetween(zone: string, { from, to }: TimeWindow): number {
  const after = offsetAt(zone, to);
  let [before, change] = [from, to];
  while (change - before > 1) {
    const middle = Math.floor((before + change) / 2);
    if (offsetAt(zone, middle) === after) change = middle;
    else before = middle;
  }
  return change;
}

function offsetAt(zone: string, instant: number): number {
  const [month, day, year, hours, minutes, seconds] = clockOf(zone).format(instant).split(/\D+/).map(Number);
  const wall = Date.UTC(year ?? 0, (month ?? 1) - 1, day, hours, minutes, seconds);
  return wall - Math.floor(instant / 1000) * 1000;
}

function clockOf(zone: string): Intl.DateTimeFormat {
  const known = clocks.get(zone);
  if (known) return known;
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  if (clocks.size >= mostClocks) clocks.clear();
  clocks.set(zone, clock);
  return clock;
}
