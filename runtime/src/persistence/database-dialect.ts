import type { Knex } from 'knex';
import type { Clock } from '../process/service-definition.ts';
import type { ColumnDefinition, ColumnKind } from './column.ts';
import type { Database } from './database.ts';
import type { Dialect } from './dialect.ts';
import type { GeoArea } from './geography.ts';
import type { Answer, Statement } from './statements.ts';

/** All that the runtime needs to know of one kind of database. A further one is one further implementation. */
export interface DatabaseDialect extends Dialect {
  /** Begins a transaction. */
  readonly begin: string;
  /** At the end of a SELECT: locks the rows until the transaction ends. Empty where nobody else is in a transaction. */
  readonly lock: string;
  /** What the driver has answered to one statement. */
  answer(response: unknown): Answer;
  /** Creates a table with all its keys and indexes. */
  createTable(knex: Knex, name: string, define: (builder: Knex.CreateTableBuilder) => void): Promise<void>;
  /** Adds a column of the right type to a table that is being created or altered. */
  addColumn(builder: Knex.CreateTableBuilder, name: string, column: ColumnDefinition): Knex.ColumnBuilder;
  /** Value of the row type → what the driver binds. Never called with null. */
  encode(kind: ColumnKind, value: unknown): unknown;
  /** What the driver read → value of the row type. Never called with null. */
  decode(kind: ColumnKind, value: unknown): unknown;
  /** Inserts the row, or replaces the other columns of the one with the same key. Names and values as in the database. */
  upsert(knex: Knex, table: string, row: Record<string, unknown>, key: readonly string[]): Promise<void>;
  /** Inserts the row if none has its key; either way, others that do the same wait for the end of the transaction. */
  lockOrInsert(knex: Knex, table: string, row: Record<string, unknown>, key: readonly string[]): Promise<void>;
  /** Adds to a whole number of the row with this key, in one statement. @returns the sum; undefined if there is no such row. */
  increment(knex: Knex, table: string, change: Increment): Promise<number | undefined>;
  /** The statement, waiting no longer than this for a lock that another transaction holds. */
  waitingAtMost(waitMs: number, statement: Statement): Statement;
  /** Whether the error says that a lock was waited for in vain. */
  isLockTimeout(error: unknown): boolean;
  /** Whether the owner of a lease is known to have ended, so that the lease need not be waited for. */
  isOwnerGone(owner: string): boolean;
  /** For FROM: the table, read by this index whatever the database thinks of it. */
  readByIndex(knex: Knex, table: string, index: string): Knex.Raw;
  /** In a migration: indexes a column of points, none of which may be empty. */
  addSpatialIndex(knex: Knex, index: SpatialIndex): Promise<void>;
  /** Adds the condition that a point is in the area, or not far outside. */
  whereWithin(query: Knex.QueryBuilder, column: string, area: GeoArea): void;
  /** Holds shards of a table `(shard, owner, owned_until)` against all other processes. */
  openClaims(database: Database, settings: ClaimSettings): Claims;
}

/** Names and values as in the database. */
export interface Increment {
  readonly key: Readonly<Record<string, unknown>>;
  readonly column: string;
  readonly by: number;
}

export interface SpatialIndex {
  readonly table: string;
  readonly column: string;
  readonly name: string;
}

export interface ClaimSettings {
  readonly table: string;
  /** For how long shards can be kept from others by a process that hangs. */
  readonly leaseMs: number;
  readonly clock: Clock;
}

export interface Claim {
  readonly shards: readonly number[];
  /** Another process is at work on shards that are wanted, and will be done with them soon. */
  readonly isContended: boolean;
  /** A transaction that fails if the shards are no longer held. */
  write<R>(work: (knex: Knex.Transaction) => Promise<R>): Promise<R>;
}

export interface Claims {
  /**
   * Runs `work` while shards are held; nobody else holds them meanwhile. `findWanted` tells in which there is something to do, for a
   * database that holds no more than these.
   */
  run<R>(work: (claim: Claim) => Promise<R>, findWanted: () => Promise<readonly number[]>): Promise<R>;
  release(): Promise<void>;
}

/** What a dialect opens: reads never wait for the transaction that is writing. */
export interface Connections {
  readonly writer: Knex;
  readonly reader: Knex;
  readonly dialect: DatabaseDialect;
  /** Runs migrations so that no other process does at the same time. Absent: their transactions see to that. */
  migrating?<R>(work: (knex: Knex) => Promise<R>): Promise<R>;
  close(): Promise<void>;
}

/** What the runtime keeps about an open database, found again from any of its knex objects. */
export interface DatabaseInternals {
  readonly dialect: DatabaseDialect;
  /** Called after each commit that wrote to the outbox. */
  readonly outboxListeners: Set<() => void>;
}

const internals = new WeakMap<object, DatabaseInternals>();

/** knex hands its configuration object on to every transaction, so it is what identifies the database. */
const identity = (knex: Knex): object => (knex.client as { config: object }).config;

export function registerDatabase(knex: Knex, state: DatabaseInternals): void {
  internals.set(identity(knex), state);
}

/** @throws Error when the knex object was not made by `openDatabase`. */
export function internalsOf(knex: Knex): DatabaseInternals {
  const state = internals.get(identity(knex));
  if (!state) throw new Error('This knex object does not come from openDatabase');
  return state;
}
