/** One request and its answer, as the stages of the application hand it on. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { continueTrace, parseTraceparent } from '../observability/trace-context.ts';
import type { CallContext } from '../observability/context.ts';
import type { Auth } from './operation.ts';
import type { WireAnswer } from './answers/wire-answer.ts';

/** Only UUIDs are taken over from outside: contracts of messages may ask for one, and logs need no injection. */
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export const CORRELATION_HEADER = 'x-correlation-id';

export class Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly method: string;
  /** Still percent-encoded. */
  readonly path: string;
  /** Without the question mark, still encoded. */
  readonly query: string;
  /** What logs, clients and publishers see of it. */
  readonly context: RequestCallContext;
  /** Monotonic, in milliseconds. */
  readonly startedAt: number;
  /** Set once the path is matched. */
  operationId: string | undefined;
  auth: Auth | undefined;
  /** Nothing of the request is left on the wire. */
  hasArrived = false;
  answer: WireAnswer | undefined;
  /** What has gone over the wire; a later answer comes too late. */
  sentStatus: number | undefined;
  /** Headers that a stage adds whatever the answer is, such as the rate limit's. */
  extraHeaders: Readonly<Record<string, string>> | undefined;
  #abort: AbortController | undefined;
  #abortReason: Error | undefined;

  constructor(request: IncomingMessage, response: ServerResponse, newId: () => string) {
    this.request = request;
    this.response = response;
    this.method = request.method ?? 'GET';
    const target = originForm(request.url ?? '/');
    const at = target.indexOf('?');
    this.path = at < 0 ? target : target.slice(0, at);
    this.query = at < 0 ? '' : target.slice(at + 1);
    const sent = request.headers[CORRELATION_HEADER];
    this.context = new RequestCallContext(typeof sent === 'string' && uuid.test(sent) ? sent : newId(), request);
    this.startedAt = performance.now();
  }

  get correlationId(): string {
    return this.context.correlationId;
  }

  get signal(): AbortSignal {
    if (!this.#abort) {
      this.#abort = new AbortController();
      if (this.#abortReason) this.#abort.abort(this.#abortReason);
    }
    return this.#abort.signal;
  }

  /** Nobody waits for the answer any more. */
  abort(reason: Error): void {
    this.#abortReason ??= reason;
    this.#abort?.abort(reason);
  }

  get isAborted(): boolean {
    return this.#abortReason !== undefined;
  }
}

/** The trace is continued when first asked for: most requests send nothing on. */
class RequestCallContext implements CallContext {
  readonly correlationId: string;
  readonly #request: IncomingMessage;
  #traceparent: string | undefined;
  #isTraced = false;

  constructor(correlationId: string, request: IncomingMessage) {
    this.correlationId = correlationId;
    this.#request = request;
  }

  get traceparent(): string {
    return (this.#traceparent ??= continueTrace(headerText(this.#request.headers['traceparent'])));
  }

  get tracestate(): string | undefined {
    return headerText(this.#request.headers['tracestate']);
  }

  get traceId(): string | undefined {
    return this.#isTraced ? parseTraceparent(this.#traceparent)?.traceId : undefined;
  }

  /** What follows is caused by a span of ours. */
  continueAs(traceparent: string): void {
    this.#traceparent = traceparent;
    this.#isTraced = true;
  }
}

const headerText = (value: string | string[] | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined;

/** Proxies may send the absolute form (RFC 9112 section 3.2.2). */
const originForm = (target: string): string => {
  if (target.startsWith('/')) return target;
  const url = URL.parse(target);
  return url ? url.pathname + url.search : target;
};
