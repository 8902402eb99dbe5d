import type { ConsumerOptions } from './consumer-options.ts';
import { Consumer } from './consumer.ts';
import type { ConsumerDefinition, TopicDefinition } from './contract.ts';
import type { EventBus } from './event-bus.ts';
import type { MessageHandlers } from './message-handling.ts';
import { ParkedRunner } from './parked-runner.ts';
import type { Upcasters } from './resolve-message.ts';
import { consumerTopics, topicSettings } from './topic-settings.ts';

/** Twice as many made catching up hardly faster, and a handler's calls to others are as many at a time. */
const AT_ONCE = 16;

export interface RunningConsumers {
  /**
   * Takes no further messages and waits for the handlers that run; after `graceMs` their signal is aborted. What is not done by then
   * comes again at the next start.
   */
  stop(graceMs?: number): Promise<void>;
}

/** Creates the topics of a service (physical names), those that it does not own too: whoever starts first needs them. */
export async function createServiceTopics(
  bus: EventBus,
  topics: readonly TopicDefinition[],
  namespace?: string,
): Promise<void> {
  await bus.createTopics(topics.map((topic) => topicSettings(topic, namespace)));
}

/** Starts the consumers of a service: creates their topics (retries and dead letters too), joins the groups, handles what comes. */
export async function startConsumers(
  consumers: readonly ConsumerDefinition[],
  handlers: MessageHandlers,
  upcasters: Upcasters,
  options: ConsumerOptions,
): Promise<RunningConsumers> {
  const running: { stop(graceMs: number): Promise<void> }[] = [];
  const stop = async (graceMs: number): Promise<void> => {
    await Promise.all(running.map((one) => one.stop(graceMs)));
  };
  try {
    for (const definition of consumers) {
      const { retryMs = definition.retryMs } = options;
      running.push(await startConsumer({ ...definition, retryMs }, { handlers, upcasters, options }));
    }
  } catch (error) {
    await stop(0);
    throw error;
  }
  return { stop: (graceMs = 20_000) => stop(graceMs) };
}

async function startConsumer(
  definition: ConsumerDefinition,
  parts: { readonly handlers: MessageHandlers; readonly upcasters: Upcasters; readonly options: ConsumerOptions },
): Promise<{ stop(graceMs: number): Promise<void> }> {
  const { bus, log, faults } = parts.options;
  checkBound(definition, parts);
  const consumer = new Consumer({ ...parts, consumer: definition, onParked: () => parked?.wake() });
  const parked = definition.order === 'key' ? new ParkedRunner({ ...parts, consumer }) : undefined;
  await bus.createTopics(consumerTopics(definition, parts.options.namespace));
  const subscription = await bus.subscribe({
    group: consumer.group,
    topics: consumer.topics,
    handle: (record, signal, goesOn) => consumer.handle(record, signal, goesOn),
    onError: (error, record) => {
      const { topic, partition, offset } = record;
      log?.error({ err: error, topic, partition, offset }, 'a message could neither be handled nor be put aside');
    },
    // Acknowledged before, it would be lost in numbers.
    atOnce: faults?.has('ack-before-handler') ? 1 : (parts.options.atOnce ?? AT_ONCE),
    acknowledge: faults?.has('ack-before-handler') ? 'before' : 'after',
  });
  parked?.start();
  return {
    async stop(graceMs) {
      await Promise.all([subscription.stop(graceMs), parked?.stop(graceMs)]);
    },
  };
}

/** @throws Error that names what is missing: better than to find out with the first message. */
function checkBound(
  { operationId, messages }: ConsumerDefinition,
  { handlers, upcasters }: { readonly handlers: MessageHandlers; readonly upcasters: Upcasters },
): void {
  for (const { handler, upcaster } of messages) {
    if (!Object.hasOwn(handlers, handler)) throw new Error(`${operationId} has no handler "${handler}"`);
    if (upcaster !== undefined && !Object.hasOwn(upcasters, upcaster)) {
      throw new Error(`${operationId} has no upcaster "${upcaster}"`);
    }
  }
}
