/** Which request or message the code that is running belongs to: carried through awaits, read by logs, clients and publishers. */
import { AsyncLocalStorage } from 'node:async_hooks';

export interface CallContext {
  /** The same for everything that one outside call set going. */
  readonly correlationId: string;
  /** Id of the message that is being handled. */
  readonly causationId?: string;
  /** W3C trace context (https://www.w3.org/TR/trace-context/) to continue from here. */
  readonly traceparent?: string;
  /** Vendor state that travels with `traceparent`, unread by us. */
  readonly tracestate?: string | undefined;
  /** Of the trace that is being recorded; absent when none is. */
  readonly traceId?: string | undefined;
}

const storage = new AsyncLocalStorage<CallContext>();

/** The context of the running request or message; undefined outside of one. */
export const currentContext = (): CallContext | undefined => storage.getStore();

/** Runs `work`, and all that it awaits, in `context`. */
export const runWithContext = <R>(context: CallContext, work: () => R): R => storage.run(context, work);
