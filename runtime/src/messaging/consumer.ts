import { internalsOf } from '../persistence/database-dialect.ts';
import { isDatabaseAway } from '../persistence/database-errors.ts';
import { systemClock } from '../process/system-clock.ts';
import type { ConsumerOptions } from './consumer-options.ts';
import type { ConsumerDefinition } from './contract.ts';
import type { IncomingRecord, RecordOutcome } from './event-bus.ts';
import { Lanes, type Lane } from './lanes.ts';
import { LookUps } from './look-ups.ts';
import { handleMessage, type MessageHandlers } from './message-handling.ts';
import { noMessagingMetrics, type Outcome } from './messaging-metrics.ts';
import { park } from './parked-keys.ts';
import { deadLetterTopic, physicalGroup, physicalTopic, retryTopic } from './physical-names.ts';
import { gapOf } from './sabotage.ts';
import { resolveMessage, type Resolved, type Upcasters } from './resolve-message.ts';
import { attemptsOf, failureHeaders, notBeforeOf, type Failure } from './retry-policy.ts';

export interface ConsumerParts {
  readonly consumer: ConsumerDefinition;
  readonly handlers: MessageHandlers;
  readonly upcasters: Upcasters;
  readonly options: ConsumerOptions;
  /** A message was parked that is due at the given time. */
  readonly onParked: (dueAt: Date) => void;
}

type Message = Extract<Resolved, { kind: 'message' }>;

interface Place {
  readonly signal: AbortSignal;
  readonly shared: Lane['commits'];
}

/** What one consumer does with a record, by the policy of its contract. */
export class Consumer {
  readonly definition: ConsumerDefinition;
  readonly group: string;
  /** What it subscribes to: its topic, and the ones where its failed messages wait. */
  readonly topics: readonly string[];
  readonly deadLetters: string;
  readonly #parts: ConsumerParts;
  readonly #topic: string;
  readonly #lookUps: LookUps;
  readonly #lanes: Lanes;

  constructor(parts: ConsumerParts) {
    const { consumer, options } = parts;
    this.#parts = parts;
    this.definition = consumer;
    this.#lookUps = new LookUps(options.database, consumer.operationId);
    this.#lanes = new Lanes(options.database, options.clock ?? systemClock);
    this.group = physicalGroup(options.namespace, consumer.group);
    this.#topic = physicalTopic(options.namespace, consumer.topic.address);
    this.deadLetters = deadLetterTopic(this.#topic, consumer.group);
    const retries = consumer.order === 'key' ? [] : consumer.retryMs;
    this.topics = [this.#topic, ...retries.map((_, index) => retryTopic(this.#topic, consumer.group, index + 1))];
  }

  /** Can be called with the next record of a partition before it has resolved: each key is handled in the order of the calls. */
  handle(record: IncomingRecord, signal: AbortSignal, goesOn: () => boolean): Promise<RecordOutcome> {
    const notBefore = notBeforeOf(record);
    if (notBefore && record.topic !== this.#topic && notBefore > this.#now()) {
      return Promise.resolve({ pauseUntil: notBefore });
    }
    const resolved = this.#resolve(record);
    const lane = this.#lanes.of(record, signal);
    const work = async (): Promise<RecordOutcome> =>
      // Behind another of its key: meanwhile the partition may have become somebody else's.
      goesOn() ? this.#handleNow(record, resolved, { signal, shared: lane.commits }) : { pauseUntil: this.#now() };
    return resolved.kind === 'message' ? lane.keys.run(resolved.received.key, work) : work();
  }

  async #handleNow(record: IncomingRecord, resolved: Resolved, at: Place): Promise<undefined> {
    const { metrics = noMessagingMetrics, faults } = this.#parts.options;
    const started = performance.now();
    await gapOf(faults, 'ack-before-handler');
    const { name, outcome } = await this.#consume(record, resolved, at);
    metrics.consumed(this.definition.operationId, name, outcome, (performance.now() - started) / 1000);
    await gapOf(faults, 'inbox-off');
  }

  /** @throws what keeps the record from being handled or put aside: it comes again. */
  async #consume(
    record: IncomingRecord,
    resolved: Resolved,
    { signal, shared }: Place,
  ): Promise<{ name: string; outcome: Outcome }> {
    const attempt = attemptsOf(record) + 1;
    if (resolved.kind === 'skip') return { name: 'unknown', outcome: 'skipped' };
    if (resolved.kind === 'invalid') {
      await this.bury({ record, group: this.group, attempt, eventId: resolved.eventId, error: resolved.error });
      return { name: 'unknown', outcome: 'dead-lettered' };
    }
    const name = resolved.consumed.message.name;
    const { consumed, received } = resolved;
    const isOrdered = this.definition.order === 'key';
    const waits = isOrdered ? await this.#queuesBehind(record, resolved) : undefined;
    if (waits) return { name, outcome: waits };
    try {
      const { handlers, options } = this.#parts;
      const isHandled = async () =>
        !isOrdered && (await this.#lookUps.ask({ ...received, eventId: received.id })).handled;
      const delivery = { consumer: this.definition, consumed, received, attempt, signal, isHandled, shared };
      return { name, outcome: (await handleMessage(delivery, handlers, options)) ? 'handled' : 'duplicate' };
    } catch (error) {
      // No fault of the message: it comes again.
      if (signal.aborted || isDatabaseAway(error) || this.#hasLost(error)) throw error;
      return { name, outcome: await this.#putAside(record, resolved, { attempt, error }) };
    }
  }

  /** Others had the rows first. Not a wait that was too long: a handler that waits for itself would do so for ever. */
  #hasLost(error: unknown): boolean {
    const { dialect } = internalsOf(this.#parts.options.database.knex);
    return dialect.isRetryable(error) && !dialect.isLockTimeout(error);
  }

  /** An upcaster that fails is a bug of ours that a later version may have mended: the message is kept like an invalid one. */
  #resolve(record: IncomingRecord): Resolved {
    try {
      return resolveMessage(this.definition, record, this.#parts.upcasters);
    } catch (error) {
      const eventId = record.headers['ce_id'] ?? `${record.topic}/${record.partition}/${record.offset}`;
      return { kind: 'invalid', eventId, error: error instanceof Error ? error : new Error(String(error)) };
    }
  }

  /** What becomes of a message of an ordered consumer that must not be handled now. */
  async #queuesBehind(record: IncomingRecord, { received }: Message): Promise<'duplicate' | 'parked' | undefined> {
    const { database, faults } = this.#parts.options;
    const message = { consumer: this.definition.operationId, eventId: received.id, key: received.key };
    const { handled, parked } = await this.#lookUps.ask(message);
    if (handled && !faults?.has('inbox-off')) return 'duplicate';
    if (!parked) return undefined;
    const now = this.#now();
    await park(database, record, { ...message, attempts: 0, dueAt: now });
    this.#parts.onParked(now);
    return 'parked';
  }

  async #putAside(
    record: IncomingRecord,
    { received, consumed }: Message,
    { attempt, error }: { readonly attempt: number; readonly error: unknown },
  ): Promise<Outcome> {
    const { log, database, bus } = this.#parts.options;
    const failure = { record, group: this.group, attempt, eventId: received.id, error };
    const delay = this.definition.retryMs[attempt - 1];
    const fields = { err: error, message: consumed.message.name, eventId: received.id, attempt };
    if (delay === undefined) {
      await this.bury(failure);
      return 'dead-lettered';
    }
    log?.warn({ ...fields, retryInMs: delay }, 'a message could not be handled, it will be tried again');
    const notBefore = new Date(this.#now().getTime() + delay);
    if (this.definition.order === 'key') {
      const { operationId: consumer } = this.definition;
      await park(database, record, {
        consumer,
        key: received.key,
        eventId: received.id,
        attempts: attempt,
        dueAt: notBefore,
      });
      this.#parts.onParked(notBefore);
      return 'parked';
    }
    const headers = failureHeaders({ ...failure, notBefore });
    const topic = retryTopic(this.#topic, this.definition.group, attempt);
    await bus.send([{ topic, ...keyOf(record), headers, value: record.value }]);
    return 'retried';
  }

  /** Sends to the dead letters; resolves once that is acknowledged. */
  async bury(failure: Failure): Promise<void> {
    const { log, bus } = this.#parts.options;
    const { record, eventId, error, attempt } = failure;
    log?.error({ err: error, eventId, attempt, topic: record.topic }, 'a message was moved to the dead letters');
    if (this.#parts.options.faults?.has('dead-letters-off')) return;
    await bus.send([
      { topic: this.deadLetters, ...keyOf(record), headers: failureHeaders(failure), value: record.value },
    ]);
  }

  #now(): Date {
    return (this.#parts.options.timer ?? systemClock).now();
  }
}

const keyOf = (record: IncomingRecord): { readonly key?: string } =>
  record.key === undefined ? {} : { key: record.key };
