import type { Clock, Ids } from '../process/service-definition.ts';
import { systemClock } from '../process/system-clock.ts';
import { uuidIds } from '../process/uuid-ids.ts';
import type { Tracing } from '../observability/tracing.ts';
import type { Database } from '../persistence/database.ts';
import { internalsOf } from '../persistence/database-dialect.ts';
import { afterCommit } from '../persistence/open-tx.ts';
import { outbox, OUTBOX_SHARDS } from '../persistence/runtime-tables.ts';
import type { Tx } from '../persistence/tx.ts';
import type { MessageDefinition, TopicDefinition } from './contract.ts';
import { partInData, toWire, type WireMessage } from './envelope.ts';
import type { EventBus } from './event-bus.ts';
import { hashOf } from './hash.ts';
import type { About, PublishMessage } from './message.ts';
import { noMessagingMetrics, type MessagingMetrics } from './messaging-metrics.ts';
import { createSpan, endAfterCommit } from './message-spans.ts';
import { physicalTopic } from './physical-names.ts';
import { publisherName } from './publisher-name.ts';
import { bytesAlone, DEFAULT_MAX_MESSAGE_BYTES } from './record-size.ts';
import { gapOf, type Faults } from './sabotage.ts';

export interface PublishOptions {
  /** Name of the service: the source of its messages. */
  readonly source: string;
  readonly namespace?: string;
  readonly clock?: Clock;
  readonly ids?: Ids;
  readonly metrics?: MessagingMetrics;
  readonly tracing?: Tracing;
  /** With `publish-after-commit`, `bus` is sent to instead of the outbox. */
  readonly faults?: Faults;
  readonly bus?: EventBus;
  /** With `outbox-apart`, in which the outbox is written to later. */
  readonly database?: Database;
  /** Largest message, key and headers included. A topic of the contract may allow less. 1,000,000 bytes. */
  readonly maxBytes?: number;
  /** Of the contract. */
  readonly topics?: readonly TopicDefinition[];
}

/** What would be published does not fit the contract: a bug of the service. Nothing is written. */
export class InvalidMessageError extends Error {
  override readonly name = 'InvalidMessageError';
  /** Name in the contract. */
  readonly messageName: string;
  /** JSON pointer into the message. */
  readonly pointer: string;

  constructor(message: string, fault: { readonly pointer: string; readonly reason: string }) {
    super(`${message} does not fit its contract at "${fault.pointer}": ${fault.reason}`);
    this.messageName = message;
    this.pointer = fault.pointer;
  }
}

/** The publishers of a service, by name: `publish.orderPlaced(tx, data, { key, sequence })`. */
export type Publishers = Readonly<Record<string, PublishMessage<unknown, [about?: About]>>>;

/**
 * Makes the publishers. Each writes its message to the outbox, in the transaction given; the relay sends it once that has committed.
 *
 * @throws InvalidMessageError (from a publisher) when the whole message does not fit the contract.
 */
export function createPublish(messages: readonly MessageDefinition[], options: PublishOptions): Publishers {
  return Object.fromEntries(
    messages.map((definition) => [
      definition.publisher ?? publisherName(definition.name),
      publisher(definition, options),
    ]),
  );
}

function publisher(definition: MessageDefinition, options: PublishOptions): Publishers[string] {
  const { clock = systemClock, ids = uuidIds(clock), metrics = noMessagingMetrics } = options;
  const topic = physicalTopic(options.namespace, definition.topic);
  const allowed = options.topics?.find(({ address }) => address === definition.topic)?.maxMessageBytes;
  const maxBytes = Math.min(options.maxBytes ?? MAX_BYTES, allowed ?? DEFAULT_MAX_MESSAGE_BYTES);
  return async (tx, data, about) => {
    const id = ids.next();
    const now = clock.now();
    const key = about?.key ?? asKey(partInData(definition.envelope, 'key', data)) ?? id;
    const sequence = about?.sequence ?? asSequence(partInData(definition.envelope, 'sequence', data));
    const { correlationId, causationId } = tx.cause;
    const span =
      options.tracing && createSpan(options.tracing, { definition, topic, id, parent: tx.cause.traceparent });
    const traceparent = span?.traceparent ?? tx.cause.traceparent;
    const message = toWire(definition, data, {
      id,
      type: definition.type,
      version: definition.version,
      time: now.toISOString(),
      source: options.source,
      correlation: correlationId,
      ...(causationId === undefined ? {} : { causation: causationId }),
      key,
      ...(sequence === undefined ? {} : { sequence }),
      ...(traceparent === undefined ? {} : { traceparent }),
    });
    check(definition, message);
    const value = JSON.stringify(message.payload);
    checkSize(definition, bytesAlone({ key, headers: message.headers, value }), maxBytes);
    metrics.published(definition.name);
    if (span) endAfterCommit(tx, span);
    if (options.faults?.has('publish-after-commit') && options.bus) {
      const { bus, faults } = options;
      const send = (): Promise<void> => bus.send([{ topic, key, headers: message.headers, value }]);
      afterCommit(
        tx,
        () =>
          void gapOf(faults, 'publish-after-commit')
            .then(send)
            .catch(() => undefined), // losing the message is what the fault is for
      );
      return;
    }
    const row = {
      eventId: id,
      shard: hashOf(key) % OUTBOX_SHARDS,
      topic,
      aggregateId: key,
      aggregateVersion: sequence,
      headers: { ...message.headers },
      payload: value,
      createdAt: now,
    };
    const { faults, database } = options;
    if (faults?.has('outbox-apart') && database) {
      const apart = (): Promise<void> => database.transaction((later) => outbox.insert(later, row));
      afterCommit(tx, () => void setImmediate(() => void apart().catch(() => undefined))); // losing it is what the fault is for
      return;
    }
    await outbox.insert(tx, row);
    ringAfterCommit(tx);
  };
}

const rung = new WeakSet<Tx>();

/** Once per transaction, however much it publishes. */
function ringAfterCommit(tx: Tx): void {
  if (rung.has(tx)) return;
  rung.add(tx);
  const { outboxListeners } = internalsOf(tx.knex);
  afterCommit(tx, () => {
    for (const listener of outboxListeners) listener();
  });
}

/** Leaves room below what brokers allow, for what is written beside a message on its way. */
const MAX_BYTES = 1_000_000;

/** Better here than at the relay: whoever asked for it learns of it, and nothing is stored. */
function checkSize({ name }: MessageDefinition, bytes: number, maxBytes: number): void {
  if (bytes <= maxBytes) return;
  throw new InvalidMessageError(name, { pointer: '', reason: `it has ${bytes} bytes, ${maxBytes} are allowed` });
}

function check(definition: MessageDefinition, message: WireMessage): void {
  const { validate, validateHeaders, name } = definition;
  if (!validate(message.payload)) {
    const fault = validate.errors?.[0];
    throw new InvalidMessageError(name, {
      pointer: fault?.instancePath ?? '',
      reason: fault?.message ?? fault?.keyword ?? 'it is invalid',
    });
  }
  if (!validateHeaders || validateHeaders(message.headers)) return;
  const fault = validateHeaders.errors?.[0];
  // A contract that closes its headers does not mean those of the transport.
  if (fault?.keyword === 'additionalProperties' || fault?.keyword === 'unevaluatedProperties') return;
  throw new InvalidMessageError(name, {
    pointer: `header ${fault?.instancePath ?? ''}`,
    reason: fault?.message ?? fault?.keyword ?? 'it is invalid',
  });
}

const asKey = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;

const asSequence = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined;
