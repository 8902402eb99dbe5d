import type { Knex } from 'knex';
import type { Database } from '../persistence/database.ts';
import { internalsOf } from '../persistence/database-dialect.ts';
import { outbox, UNPUBLISHED_INDEX } from '../persistence/runtime-tables.ts';

/** By the index: left to choose, MariaDB may read all that has been sent before it comes to what has not. */
export function unsent(
  { knex }: Database,
  query: Knex.QueryBuilder,
  withoutTopics: readonly string[] = [],
): Knex.QueryBuilder {
  const table = internalsOf(knex).dialect.readByIndex(knex, outbox.name, UNPUBLISHED_INDEX);
  void query.from(table as never);
  if (withoutTopics.length > 0) void query.whereNotIn(outbox.columns.topic, withoutTopics as string[]);
  return query.whereNull(outbox.columns.publishedAt);
}

/** Shards of the rows that are next. */
export async function waitingShards(
  database: Database,
  limit: number,
  withoutTopics: readonly string[],
): Promise<readonly number[]> {
  const { shard, id } = outbox.columns;
  const query = unsent(database, outbox.query(database), withoutTopics);
  const rows: { readonly shard: number }[] = await query.select({ shard }).orderBy(id).limit(limit);
  return [...new Set(rows.map((row) => row.shard))];
}
