import { column, table } from '@parkwise/runtime';

/** So many counters there are; how many of them count is a setting. */
export const MOST_COUNTERS = 200;

/** What the source counts: each step of a counter is a version of it, and is announced. */
export const counters = table('counters', { id: column.text({ max: 40 }), version: column.integer() });

/** What the sink was told, a row each time. */
export const effects = table('effects', {
  id: column.serial(),
  eventId: column.text({ max: 80 }),
  counter: column.text({ max: 40 }),
  value: column.integer(),
});
