import { runWithContext } from '../observability/context.ts';
import { parseTraceparent } from '../observability/trace-context.ts';
import { systemClock } from '../process/system-clock.ts';
import type { Tx } from '../persistence/tx.ts';
import type { ConsumerOptions } from './consumer-options.ts';
import type { ConsumedMessage, ConsumerDefinition } from './contract.ts';
import { isHandled, messageUnit, type InboxEntry } from './message-commit.ts';
import { endWith, processSpan } from './message-spans.ts';
import type { MessageHandler, Received } from './message.ts';
import { headerOf } from './message-location.ts';
import type { SharedCommits } from './shared-commits.ts';

export type MessageHandlers = Readonly<Record<string, MessageHandler<never>>>;

export interface Delivery {
  readonly consumer: ConsumerDefinition;
  readonly consumed: ConsumedMessage;
  readonly received: Received;
  /** Counts from 1. */
  readonly attempt: number;
  readonly signal: AbortSignal;
  /** Asks whether it is in the inbox. */
  readonly isHandled?: () => Promise<boolean>;
  /** Where it can share a transaction with others. */
  readonly shared?: SharedCommits<InboxEntry>;
  /** Runs in the transaction in which the message is handled. */
  readonly also?: (tx: Tx) => Promise<void>;
}

/** Runs the handler of one message, with its transaction and context. @returns false if it had been handled before. */
export async function handleMessage(
  delivery: Delivery,
  handlers: MessageHandlers,
  options: ConsumerOptions,
): Promise<boolean> {
  const { consumer, consumed, received, attempt, signal, also, shared } = delivery;
  const handler = Object.hasOwn(handlers, consumed.handler) ? handlers[consumed.handler] : undefined;
  if (!handler) throw new Error(`There is no handler "${consumed.handler}"`);
  const { database, clock = systemClock } = options;
  const span = options.tracing && processSpan(options.tracing, delivery, options.namespace);
  const traceparent = span?.traceparent ?? headerOf(received.headers, 'traceparent');
  const cause = {
    correlationId: received.correlationId,
    causationId: received.id,
    ...(traceparent === undefined ? {} : { traceparent }),
    ...(span && { traceId: parseTraceparent(traceparent)?.traceId }),
  };
  const entry = options.faults?.has('inbox-off') ? undefined : { consumer: consumer.operationId, eventId: received.id };
  const unit = messageUnit({ database, clock, cause, entry, shared, ...(also ? { also } : {}) });
  const handling = runWithContext(cause, async () => {
    if (entry && (await (delivery.isHandled ?? (() => isHandled(database, entry)))())) {
      if (also) await database.transaction(also, { cause });
      return false;
    }
    await (handler as MessageHandler)(received, { commit: unit.commit, signal, attempt }).catch((error: unknown) => {
      if (!unit.isDuplicate()) throw error;
    });
    return unit.finish();
  });
  return span ? endWith(span, handling) : handling;
}
