import { column } from '../persistence/column.ts';
import type { CheckedMigration } from '../persistence/migrations.ts';
import { table } from '../persistence/table.ts';

/** The latest version of each feed. Its row is locked by whoever tells, so that versions become visible in their order. */
export const liveFeeds = table('parkwise_live_feeds', {
  /** Channel and room. */
  feed: column.text({ max: 255 }).primaryKey(),
  version: column.integer(),
});

/** What was told lately, for those who missed it. */
export const liveChanges = table('parkwise_live_changes', {
  feed: column.text({ max: 255 }).primaryKey(),
  version: column.integer().primaryKey(),
  /** The version before. */
  previous: column.integer(),
  message: column.text({ max: 128 }),
  data: column.json<unknown>(),
  toldAt: column.instant(),
});

/** Part of the runtime's own migrations. */
export const liveMigration: CheckedMigration = {
  name: 'parkwise-0006-live',
  async up(knex) {
    await liveFeeds.create(knex);
    await liveChanges.create(knex, (builder) => {
      builder.index(['told_at'], 'parkwise_live_age');
    });
  },
};
