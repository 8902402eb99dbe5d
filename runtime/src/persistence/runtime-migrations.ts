import { liveMigration } from '../realtime/live-tables.ts';
import type { CheckedMigration } from './migrations.ts';
import {
  demoData,
  idempotencyKeys,
  inbox,
  jobTurns,
  outbox,
  outboxShards,
  OUTBOX_SHARDS,
  parkedMessages,
  refusedMessages,
  UNPUBLISHED_INDEX,
} from './runtime-tables.ts';

/** The runtime's own tables. Their names cannot be those of a service's migrations, which begin with a number. */
export const runtimeMigrations: readonly CheckedMigration[] = [
  {
    name: 'parkwise-0001-messaging',
    async up(knex) {
      await outbox.create(knex, (table) => {
        table.index(['published_at', 'id'], UNPUBLISHED_INDEX);
      });
      await outboxShards.create(knex);
      const shards = Array.from({ length: OUTBOX_SHARDS }, (_, shard) => ({ shard }));
      await knex(outboxShards.name).insert(shards);
      await inbox.create(knex, (table) => {
        table.index(['handled_at'], 'parkwise_inbox_age');
      });
      await parkedMessages.create(knex, (table) => {
        table.index(['consumer', 'message_key', 'id'], 'parkwise_parked_queue');
        table.unique(['consumer', 'event_id'], { indexName: 'parkwise_parked_once' });
      });
    },
  },
  {
    name: 'parkwise-0002-idempotency-keys',
    async up(knex) {
      await idempotencyKeys.create(knex, (table) => {
        table.index(['created_at'], 'parkwise_idempotency_age');
      });
    },
  },
  {
    name: 'parkwise-0003-demo',
    async up(knex) {
      await demoData.create(knex);
    },
  },
  {
    name: 'parkwise-0004-refused-messages',
    async up(knex) {
      await refusedMessages.create(knex);
    },
  },
  {
    name: 'parkwise-0005-job-turns',
    async up(knex) {
      await jobTurns.create(knex);
    },
  },
  liveMigration,
];
