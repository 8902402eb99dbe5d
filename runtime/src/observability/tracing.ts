/**
 * The port through which the runtime tells what it does as spans. It is there only when traces are exported (see
 * `otlp/open-tracing.ts`); without it each place that would make a span does nothing, and no package of OpenTelemetry is loaded.
 */

/** Names by the semantic conventions of OpenTelemetry; no personal data and no secrets: neither paths nor queries, keys, bodies. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean | undefined>>;

export interface SpanStart {
  readonly kind: 'server' | 'client' | 'producer' | 'consumer';
  readonly name: string;
  /** W3C `traceparent` of what caused it; without one it is the first of its trace. */
  readonly parent?: string | undefined;
  /** Whether the parent is a span of another process. */
  readonly isParentRemote?: boolean;
  /** On the clock of `performance.now()`; now if left out. */
  readonly startedAt?: number;
  readonly attributes?: SpanAttributes;
}

export interface SpanEnd {
  /** What went wrong, in a word: a status, or the class of an error. Never its message, which may quote data. */
  readonly error?: string | undefined;
  /** On the clock of `performance.now()`; now if left out. */
  readonly endedAt?: number;
  readonly attributes?: SpanAttributes;
}

export interface Span {
  /** To be handed on to what it causes. */
  readonly traceparent: string;
  /** Counts once; a span that never ends is never exported. */
  end(outcome?: SpanEnd): void;
}

export interface Tracing {
  /** What carries the messages: the attribute `messaging.system`. */
  readonly messagingSystem: string;
  start(span: SpanStart): Span;
  /** Exports what is waiting (for a few seconds at most), then nothing more. */
  close(): Promise<void>;
}

/** Class of what was thrown, for {@link SpanEnd.error}. */
export const errorType = (error: unknown): string => (error instanceof Error ? error.name : typeof error);
