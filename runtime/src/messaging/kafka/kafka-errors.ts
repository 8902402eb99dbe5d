/** What went wrong with a broker, in the terms that matter here: is it away, or does it say no? */

interface KafkaError extends Error {
  readonly retriable?: boolean;
  readonly type?: string;
  readonly code?: unknown;
}

const asKafkaError = (error: unknown): KafkaError | undefined =>
  error instanceof Error ? (error as KafkaError) : undefined;

/** kafkajs wraps errors when its retries are used up, and wraps those again. */
export function originalCause(error: unknown): unknown {
  let cause = error;
  while (cause instanceof Error && cause.cause instanceof Error) cause = cause.cause;
  return cause;
}

/** Marked by kafkajs as not to be retried, although they only tell that a broker does not answer. */
const AWAY: readonly string[] = [
  'KafkaJSLockTimeout',
  'KafkaJSTimeout',
  'KafkaJSGroupCoordinatorNotFound',
  'KafkaJSNoBrokerAvailableError',
  'KafkaJSBrokerNotFound',
];

/** TLS found out who the other side is, or is not: waiting does not change that. */
const CERTIFICATE = /CERT|ERR_TLS|ERR_SSL|EPROTO/;

/** The broker cannot be reached now, or is not ready: it may be later. */
export function isAway(error: unknown): boolean {
  const cause = asKafkaError(originalCause(error));
  if (!cause) return false;
  if (typeof cause.code === 'string' && CERTIFICATE.test(cause.code)) return false;
  if (cause.name === 'KafkaJSSASLAuthenticationError') return false;
  return AWAY.includes(cause.name) || cause.retriable === true;
}

export const typeOf = (error: unknown): string | undefined => asKafkaError(originalCause(error))?.type;

/** One of the topics of a request is not there; the broker does not say which. */
export const isTopicUnknown = (error: unknown): boolean => typeOf(error) === 'UNKNOWN_TOPIC_OR_PARTITION';

/** `MESSAGE_TOO_LARGE` for a record, `RECORD_LIST_TOO_LARGE` for a request. */
export const isTooLarge = (error: unknown): boolean =>
  ['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE'].includes(typeOf(error) ?? '');
