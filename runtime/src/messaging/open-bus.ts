import type { Clock, Log } from '../process/service-definition.ts';
import type { EventLog } from './event-bus.ts';

export interface OpenBusOptions {
  readonly clock?: Clock;
  readonly log?: Log;
  /** Name of the service, by which a broker's own log knows it. */
  readonly clientId?: string;
  /** How long to wait for an answer of the broker. 10 s. */
  readonly timeoutMs?: number;
  /** How long a process that has gone silent keeps its partitions. 10 s. */
  readonly leaseMs?: number;
  /** Longest pause between two attempts to reach the broker. 5 s. */
  readonly backoffMaxMs?: number;
}

/**
 * Opens what carries the messages: `sqlite:/absolute/log.sqlite`, the durable log that services of one machine share, or
 * `kafka://host:9092`. Only what the URL asks for is loaded.
 *
 * @throws Error that never contains the URL, which may hold a password
 */
export async function openBus(url: string, options: OpenBusOptions = {}): Promise<EventLog> {
  if (url.startsWith('kafka:')) return (await import('./kafka/open-kafka.ts')).openKafka(url, options);
  if (url.startsWith('sqlite:')) return (await import('./embedded-log.ts')).openEmbeddedLog(url, options);
  throw new Error('The URL of the event log must be kafka://host:port or sqlite:/absolute/file');
}
