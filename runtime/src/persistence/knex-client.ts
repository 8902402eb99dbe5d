import type { Knex } from 'knex';

/** What is used of a client of knex besides its types: both clients of the runtime are subclasses of one. */
export interface KnexClient {
  acquireConnection(): Promise<object>;
  releaseConnection(connection: object): Promise<void>;
  /** Runs a statement, and leaves the driver's answer in `response`. */
  _query(connection: object, query: KnexQuery): Promise<KnexQuery>;
  emit(event: 'query', query: KnexQuery): void;
}

export interface KnexQuery {
  readonly sql: string;
  readonly bindings?: readonly unknown[];
  /** As the driver has answered. */
  response?: unknown;
}

export const clientOf = (knex: Knex): KnexClient => knex.client as KnexClient;
