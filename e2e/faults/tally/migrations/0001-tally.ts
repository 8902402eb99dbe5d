import type { Migration } from '@parkwise/runtime';
import { counters, effects, MOST_COUNTERS } from '../tables.ts';

export const up: Migration['up'] = async (knex) => {
  await counters.create(knex);
  await effects.create(knex);
  // All there from the start: two processes that each want to be the first to make one would count it twice.
  const rows = Array.from({ length: MOST_COUNTERS }, (_, index) => ({ id: `c-${index}`, version: 0 }));
  await knex(counters.name).insert(rows);
};
