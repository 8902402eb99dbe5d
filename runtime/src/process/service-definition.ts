/** What a service is to the runtime: the generated tables, and the composition root that a developer writes. */
import type { Knex } from 'knex';
import type { ConfigurationSchema } from '../configuration/schema.ts';
import type { RouteDefinition, SecurityScheme } from '../http/contract.ts';
import type { RequestContext, Reply } from '../http/operation.ts';
import type { ConsumerDefinition, MessageDefinition, TopicDefinition } from '../messaging/contract.ts';
import type { MessageHandler } from '../messaging/message.ts';
import type { WatchHandler } from '../realtime/admission.ts';
import type { ChannelTables } from '../realtime/contract.ts';
import type { ClientDefinition } from '../resilience/client-definition.ts';
import type { Sql, Tx } from '../persistence/tx.ts';

/** Current time; injected everywhere, so that tests decide what time it is. */
export interface Clock {
  now(): Date;
}

/** New identifiers (UUIDv7); injected for the same reason. */
export interface Ids {
  next(): string;
}

/** Structured log of the service; correlation ids are added by the runtime. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** A service without WebSocket channels. */
export type NoChannels = Readonly<Record<never, never>>;

/** What the composition root is given to build the ports from. `Publish`, `Clients` and `Config` are generated per service. */
export interface Given<Publish, Clients, Config, Live = NoChannels> {
  readonly publish: Publish;
  /** Tells those who watch; empty for a service without WebSocket channels. */
  readonly live: Live;
  readonly clients: Clients;
  readonly config: Config;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /** Issuer and audience of the tokens that this process accepts: what a service that issues tokens writes into them. */
  readonly tokens?: { readonly issuer: string; readonly audience: string };
  /** For reads outside a transaction. */
  readonly sql: Sql;
  /** Opens a transaction outside a request or message: for jobs and demo data. */
  readonly transaction: <R>(work: (tx: Tx) => Promise<R>) => Promise<R>;
}

/** Work that repeats as long as the service runs; it never runs in two processes of the service at once. */
export interface Job {
  readonly name: string;
  /** Milliseconds between the end of a run and the next start. */
  readonly everyMs: number;
  run(signal: AbortSignal): Promise<void>;
}

export interface Migration {
  /** File name without extension: `0001-orders`. Applied once, in order of name. */
  readonly name: string;
  up(knex: Knex.Transaction, tx: Tx): Promise<void>;
}

/** The generated tables of one service. */
export interface ServiceTables {
  readonly name: string;
  readonly routes: readonly RouteDefinition[];
  readonly securitySchemes: Readonly<Record<string, SecurityScheme>>;
  readonly messages: readonly MessageDefinition[];
  readonly topics: readonly TopicDefinition[];
  readonly consumers: readonly ConsumerDefinition[];
  /** By service called. */
  readonly clients: Readonly<Record<string, ClientDefinition>>;
  /** The bundled contracts, read when first asked for; absent when the service has none of the kind. */
  readonly documents: { readonly openapi?: () => unknown; readonly asyncapi?: () => unknown };
  /** Directory of the service (where `migrations/` is), as a file URL. */
  readonly directory: URL;
  readonly configuration: ConfigurationSchema;
  /** Absent: the service has no WebSocket channels. */
  readonly live?: ChannelTables;
}

export type OperationHandler = (request: never) => Promise<Reply>;
export type AnyOperationHandler = (request: RequestContext & Record<string, unknown>) => Promise<Reply>;

/** Handlers with their needs given, by operation id and by handler name. */
export interface BoundHandlers {
  readonly operations: Readonly<Record<string, OperationHandler>>;
  readonly messages: Readonly<Record<string, MessageHandler<never>>>;
  /** Upcasters, by name. */
  readonly upcasters: Readonly<Record<string, (data: never) => unknown>>;
  /** Of WebSocket channels, by handler name. */
  readonly channels?: Readonly<Record<string, WatchHandler>>;
}

/** What `src/service.ts` exports by default; made by the generated `defineService`. */
export interface ServiceDefinition<
  Needs = unknown,
  Publish = unknown,
  Clients = unknown,
  Config = unknown,
  Live = NoChannels,
> {
  readonly tables: ServiceTables;
  readonly compose: (given: Given<Publish, Clients, Config, Live>) => Needs;
  readonly bind: (needs: Needs) => BoundHandlers;
  readonly jobs?: (needs: Needs, given: Given<Publish, Clients, Config, Live>) => readonly Job[];
  /** Fills an empty database on the first `parkwise up`; returns what a newcomer should be told (logins to try). */
  readonly demo?: (needs: Needs, given: Given<Publish, Clients, Config, Live>) => Promise<readonly string[]>;
}
