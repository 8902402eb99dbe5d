/** What is written beside a message that could not be handled: to a retry topic, the dead letters, or the table of parked ones. */
import type { IncomingRecord } from './event-bus.ts';
import { headerOf } from './message-location.ts';
import { redacted } from './redacted.ts';

export interface Failure {
  readonly record: IncomingRecord;
  readonly group: string;
  /** How often it has been tried, this time included; 0 for a message that never could be. */
  readonly attempt: number;
  readonly eventId: string;
  readonly error: unknown;
  readonly notBefore?: Date;
}

/** Headers by which a dead letter can be understood and replayed, and a retry be continued. */
export function failureHeaders({ record, group, attempt, eventId, error, notBefore }: Failure): Record<string, string> {
  const original = (name: string, value: string): string => headerOf(record.headers, `x-original-${name}`) ?? value;
  const headers: Record<string, string> = {
    ...record.headers,
    'x-original-topic': original('topic', record.topic),
    'x-original-partition': original('partition', String(record.partition)),
    'x-original-offset': original('offset', String(record.offset)),
    'x-original-timestamp': original('timestamp', record.timestamp.toISOString()),
    'x-consumer-group': group,
    'x-attempt': String(attempt),
    'x-error-class': error instanceof Error ? error.name : typeof error,
    'x-error-message': redacted(error instanceof Error ? error.message : String(error)),
    'x-event-id': eventId,
  };
  delete headers['x-not-before'];
  if (notBefore) headers['x-not-before'] = notBefore.toISOString();
  return headers;
}

/** How often a record has been tried before. */
export function attemptsOf(record: IncomingRecord): number {
  const attempts = Number(headerOf(record.headers, 'x-attempt') ?? 0);
  return Number.isSafeInteger(attempts) && attempts > 0 ? attempts : 0;
}

/** Until when a record in a retry topic has to wait. */
export function notBeforeOf(record: IncomingRecord): Date | undefined {
  const text = headerOf(record.headers, 'x-not-before');
  const time = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(time) ? undefined : new Date(time);
}
