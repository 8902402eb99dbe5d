/** An instant as the contracts write it: RFC 3339 in UTC, with milliseconds only where there are any. */
export const instantText = (instant: Date | number): string => new Date(instant).toISOString().replace('.000Z', 'Z');
