const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A window of whole hours, `days` from today at 10:00 UTC: within any opening hours of the tests. */
export const windowIn = (days: number, hours = 2): { readonly startsAt: string; readonly endsAt: string } => {
  const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
  const start = today + days * DAY_MS + 10 * HOUR_MS;
  return { startsAt: instant(start), endsAt: instant(start + hours * HOUR_MS) };
};

const instant = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z');
