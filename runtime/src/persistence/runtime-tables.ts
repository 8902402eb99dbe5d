import { column } from './column.ts';
import { table } from './table.ts';

/** Shards of the outbox: what is published under one key is in one shard, and a shard is relayed by one process at a time. */
export const OUTBOX_SHARDS = 16;

/** Written in the business transaction, sent by the relay. */
export const outbox = table('parkwise_outbox', {
  id: column.serial(),
  eventId: column.uuid(),
  shard: column.integer(),
  topic: column.text({ max: 249 }),
  aggregateId: column.text({ max: 255 }),
  aggregateVersion: column.integer().optional(),
  headers: column.json<Record<string, string>>(),
  payload: column.text(),
  createdAt: column.instant(),
  publishedAt: column.instant().optional(),
});

/** Leads to what has not been sent, however much has been. */
export const UNPUBLISHED_INDEX = 'parkwise_outbox_unpublished';

/**
 * Messages that the transport will never take, because they are larger than their topic allows. They were taken out of the outbox, where
 * they would have stood before all later ones of their shard; whoever has raised the limit can put them back.
 */
export const refusedMessages = table('parkwise_refused_messages', {
  id: column.serial(),
  eventId: column.uuid(),
  topic: column.text({ max: 249 }),
  aggregateId: column.text({ max: 255 }),
  aggregateVersion: column.integer().optional(),
  headers: column.json<Record<string, string>>(),
  payload: column.text(),
  createdAt: column.instant(),
  refusedAt: column.instant(),
  reason: column.text(),
});

export const outboxShards = table('parkwise_outbox_shards', {
  shard: column.integer().primaryKey(),
  owner: column.text({ max: 200 }).optional(),
  ownedUntil: column.integer().optional(),
});

/** Which consumer has handled which message. */
export const inbox = table('parkwise_inbox', {
  consumer: column.text({ max: 128 }).primaryKey(),
  eventId: column.text({ max: 255 }).primaryKey(),
  handledAt: column.instant(),
});

/** Answers that are given again when a request is repeated with its key. */
export const idempotencyKeys = table('parkwise_idempotency_keys', {
  /** SHA-256 over subject, method, route and key: together they are too long for an index. */
  id: column.text({ max: 64 }),
  fingerprint: column.text({ max: 64 }),
  answer: column.json<unknown>().optional(),
  createdAt: column.instant(),
});

/** Messages that wait for an earlier one of their key to succeed. */
export const parkedMessages = table('parkwise_parked_messages', {
  id: column.serial(),
  consumer: column.text({ max: 128 }),
  messageKey: column.text({ max: 255 }),
  eventId: column.text({ max: 255 }),
  topic: column.text({ max: 249 }),
  partition: column.integer(),
  /** Its offset in the partition. */
  position: column.integer(),
  recordedAt: column.instant(),
  headers: column.json<Record<string, string>>(),
  payload: column.text(),
  /** How often it was tried; 0 while it waits behind another. */
  attempts: column.integer(),
  dueAt: column.instant(),
  owner: column.text({ max: 200 }).optional(),
  ownedUntil: column.instant().optional(),
});

/** Which process runs a job now, and when the job is due again. */
export const jobTurns = table('parkwise_job_turns', {
  name: column.text({ max: 128 }).primaryKey(),
  owner: column.text({ max: 200 }).optional(),
  ownedUntil: column.instant().optional(),
  dueAt: column.instant(),
});

/** Whether the database was filled with demo data; one row, or none if that was never asked for. */
export const demoData = table('parkwise_demo', {
  id: column.text({ max: 10 }).primaryKey(),
  filled: column.boolean(),
  /** What a newcomer is told. */
  notes: column.json<readonly string[]>(),
  changedAt: column.instant(),
});
