import { BrokenCircuitError, BulkheadRejectedError, TaskCancelledError } from 'cockatiel';
import type { Unavailable } from './client-definition.ts';

/** Thrown inside a call to end an attempt; outside of it, it is a value. */
export class CallFailure extends Error {
  override readonly name = 'CallFailure';
  readonly reason: Unavailable['reason'];

  /** We ended the call ourselves: nothing is known about the other side. */
  readonly isOurs: boolean;

  constructor(reason: Unavailable['reason'], detail: string, options?: ErrorOptions & { readonly isOurs?: boolean }) {
    super(detail, options);
    this.reason = reason;
    this.isOurs = options?.isOurs ?? false;
  }
}

/** Whether the other side could not be reached or was too slow: what counts against it, and may be tried again. */
export const isTransportFailure = (error: unknown): boolean =>
  error instanceof TaskCancelledError ||
  (error instanceof CallFailure && !error.isOurs && (error.reason === 'network' || error.reason === 'timeout'));

/** @throws whatever is no failure of the call, but a bug */
export const unavailable = (error: unknown): Unavailable => {
  const because = (reason: Unavailable['reason'], detail: string): Unavailable => ({
    status: 'unavailable',
    reason,
    detail,
  });
  if (error instanceof CallFailure) return because(error.reason, error.message);
  if (error instanceof TaskCancelledError) return because('timeout', 'There was no answer in time.');
  if (error instanceof BrokenCircuitError)
    return because('circuit-open', 'The service has failed repeatedly; it is left alone for a while.');
  if (error instanceof BulkheadRejectedError)
    return because('circuit-open', 'Too many calls to the service are waiting already.');
  throw error;
};
