import type { Clock, Log } from '../process/service-definition.ts';
import type { Tracing } from '../observability/tracing.ts';
import type { Database } from '../persistence/database.ts';
import type { EventBus } from './event-bus.ts';
import type { MessagingMetrics } from './messaging-metrics.ts';
import type { Faults } from './sabotage.ts';

export interface ConsumerOptions {
  readonly database: Database;
  readonly bus: EventBus;
  readonly namespace?: string;
  /** Of the service: when something was handled. */
  readonly clock?: Clock;
  /** Of the machine: delays and leases. Apart from `clock`, which a test may hold still. */
  readonly timer?: Clock;
  readonly log?: Log;
  readonly metrics?: MessagingMetrics;
  readonly tracing?: Tracing;
  readonly faults?: Faults;
  /** How many messages of a partition, all of different keys, are handled at the same time. 16. */
  readonly atOnce?: number;
  /** Takes the place of the delays in the contract. */
  readonly retryMs?: readonly number[];
  /** How often to look for parked messages whose time has come, without having been woken. 1 s. */
  readonly parkedPollMs?: number;
  /** How long a process keeps a parked message to itself. 60 s. */
  readonly parkedLeaseMs?: number;
}
