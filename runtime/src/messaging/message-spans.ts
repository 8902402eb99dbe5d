/** Spans of a message's way: `create` in the transaction that publishes it, `send` by the relay, `process` by each consumer. */
import { errorType, type Span, type Tracing } from '../observability/tracing.ts';
import { parseTraceparent } from '../observability/trace-context.ts';
import { afterCommit } from '../persistence/open-tx.ts';
import type { Tx } from '../persistence/tx.ts';
import type { MessageDefinition } from './contract.ts';
import type { Delivery } from './message-handling.ts';
import { physicalGroup, physicalTopic } from './physical-names.ts';

interface Created {
  readonly definition: MessageDefinition;
  /** Physical. */
  readonly topic: string;
  readonly id: string;
  readonly parent: string | undefined;
}

/** Its traceparent travels in the message's headers: what the message causes hangs below it. */
export const createSpan = (tracing: Tracing, { definition, topic, id, parent }: Created): Span =>
  tracing.start({
    kind: 'producer',
    name: `create ${topic}`,
    parent,
    attributes: {
      ...about(tracing, { topic, operation: 'create', id }),
      'parkwise.message.name': definition.name,
    },
  });

/** A message whose transaction is rolled back has never been: its span is not exported. */
export const endAfterCommit = (tx: Tx, span: Span): void => {
  const endedAt = performance.now();
  afterCommit(tx, () => span.end({ endedAt }));
};

interface SentRow {
  readonly topic: string;
  readonly eventId: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** After the transport has acknowledged a batch: one span for each message, so that its trace shows when it left the outbox. */
export const sendSpans = (tracing: Tracing, rows: readonly SentRow[], startedAt: number): void => {
  const endedAt = performance.now();
  for (const { topic, eventId, headers } of rows) {
    const parent = headers['traceparent'];
    if (!isSampled(parent)) continue;
    tracing
      .start({
        kind: 'client',
        name: `send ${topic}`,
        parent,
        startedAt,
        attributes: {
          ...about(tracing, { topic, operation: 'send', id: eventId }),
          'messaging.batch.message_count': rows.length,
        },
      })
      .end({ endedAt });
  }
};

const isSampled = (traceparent: string | undefined): boolean =>
  (Number.parseInt(parseTraceparent(traceparent)?.flags ?? '0', 16) & 1) === 1;

/** Of one attempt to handle a message; what the handler calls and publishes hangs below it. */
export const processSpan = (
  tracing: Tracing,
  { consumer, consumed, received, attempt }: Delivery,
  namespace: string | undefined,
): Span => {
  const topic = physicalTopic(namespace, consumer.topic.address);
  return tracing.start({
    kind: 'consumer',
    name: `process ${topic}`,
    parent: received.headers['traceparent'],
    isParentRemote: true,
    attributes: {
      ...about(tracing, { topic, operation: 'process', id: received.id }),
      'messaging.consumer.group.name': physicalGroup(namespace, consumer.group),
      'parkwise.message.name': consumed.message.name,
      'parkwise.message.attempt': attempt,
      'parkwise.correlation.id': received.correlationId,
    },
  });
};

/** Ends the span as the handling ends. */
export const endWith = async (span: Span, handling: Promise<boolean>): Promise<boolean> => {
  try {
    const isNew = await handling;
    span.end({ attributes: { 'parkwise.message.duplicate': isNew ? undefined : true } });
    return isNew;
  } catch (error) {
    span.end({ error: errorType(error) });
    throw error;
  }
};

const about = (
  { messagingSystem }: Tracing,
  {
    topic,
    operation,
    id,
  }: { readonly topic: string; readonly operation: 'create' | 'send' | 'process'; readonly id: string },
) => ({
  'messaging.system': messagingSystem,
  'messaging.destination.name': topic,
  'messaging.operation.name': operation,
  'messaging.operation.type': operation,
  'messaging.message.id': id,
});
