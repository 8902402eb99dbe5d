import type { ContractViolation, ListeningSocket, PassedConnection, PassOn } from '../http/index.ts';
import type { EventBus } from '../messaging/event-bus.ts';
import type { Publishers } from '../messaging/publish.ts';
import type { ServiceLog } from '../observability/create-logger.ts';
import type { TokenVerifier } from '../security/verified-token.ts';
import type { BoundHandlers, Clock, Ids } from './service-definition.ts';

/** What a service is started with: everything that a test may want to be otherwise. */
export interface StartOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The service's time; the machine's if left out. */
  readonly clock?: Clock;
  readonly ids?: Ids;
  readonly log?: ServiceLog;
  /** Takes the place of the tokens' real issuers. */
  readonly tokens?: TokenVerifier;
  /** Takes the place of the event log that the configuration names; closed with the service. */
  readonly bus?: EventBus;
  /** Takes the place of the clients of other services, by service. */
  readonly clients?: Readonly<Record<string, unknown>>;
  readonly decoratePublishers?: (publishers: Publishers) => Publishers;
  readonly decorateHandlers?: (handlers: BoundHandlers) => BoundHandlers;
  readonly onContractViolation?: (violation: ContractViolation) => void;
  /** Told what the demo data has to tell, if it was filled in. */
  readonly onDemo?: (notes: readonly string[]) => void;
  /** Told the values of all secrets, before anything is opened with them. */
  readonly onSecrets?: (secrets: readonly string[]) => void;
  /** Whether jobs run by themselves; they do if left out. */
  readonly jobTimers?: boolean;
  /** Asks the process that this one takes the place of for its socket; undefined if it has none to give. */
  readonly inheritSocket?: () => Promise<ListeningSocket | undefined>;
}

export interface StopOptions {
  /** How long idle connections stay open, so that a request which is on its way is answered; the setting's if left out. */
  readonly lingerMs?: number;
  /** How long the whole may take; the setting's if left out. */
  readonly graceMs?: number;
  /** Sends idle connections to a successor, instead of closing them. */
  readonly passOn?: PassOn;
}

/** A service that runs. */
export interface RunningService {
  /** Without a path: `http://127.0.0.1:4001`. */
  readonly url: string;
  readonly port: number;
  readonly log: ServiceLog;
  /** How long the configuration lets a stop take, in milliseconds. */
  readonly graceMs: number;
  runJob(name: string): Promise<void>;
  /** Sends what is in the outbox now. */
  flushOutbox(): Promise<void>;
  /** What it listens on, for a successor. */
  readonly socket: ListeningSocket | undefined;
  /** Goes on with a connection of the process that this one takes the place of. */
  adopt(connection: PassedConnection): void;
  /** Stops in order: see `stop-service.ts`. Calling it again waits for the same stop. */
  stop(options?: StopOptions): Promise<void>;
}
