/**
 * What code written by hand may use of the runtime: types for use cases and adapters, and the toolbox with which adapters reach the
 * database. Generated code has an entry of its own, `@parkwise/runtime/codegen/v1`; tools have `@parkwise/runtime/platform`.
 */
export type { ConfigurationOf, ConfigurationSchema, SettingDefinition } from './configuration/schema.ts';
export type { Auth, Commit, NotImplemented, Reply, RequestContext } from './http/operation.ts';
export type { About, MessageContext, MessageHandler, PublishMessage, Received } from './messaging/message.ts';
export type { Clock, Given, Ids, Job, Log, Migration } from './process/service-definition.ts';
export type { Delivery, Delta, LiveConnection, Subscription, Tell, Watch, WatchContext } from './realtime/watch.ts';
export type { Unavailable } from './resilience/client-definition.ts';
export { column } from './persistence/column.ts';
export { CommitOutcomeUnknownError, DatabaseUnavailableError } from './persistence/database-errors.ts';
export type { GeoArea, GeoBox, GeoPoint } from './persistence/geography.ts';
export type { Database, DatabaseOptions, TransactionOptions } from './persistence/database.ts';
export type { Dialect } from './persistence/dialect.ts';
export { loadMigrations } from './persistence/load-migrations.ts';
export { openDatabase } from './persistence/open-database.ts';
export type { Columns, FindOptions, Match, NewRow, Patch, Row, Where } from './persistence/row.ts';
export { table, type RowOf, type Table } from './persistence/table.ts';
export type { Sql, Tx } from './persistence/tx.ts';
