import { systemClock } from '../../process/system-clock.ts';
import { endProcess } from '../end-process.ts';
import type { EventLog } from '../event-bus.ts';
import type { OpenBusOptions } from '../open-bus.ts';
import { kafkaClients } from './kafka-client.ts';
import { isAway, isTopicUnknown } from './kafka-errors.ts';
import { KafkaSender } from './kafka-sender.ts';
import { KafkaSubscription } from './kafka-subscription.ts';
import { KafkaTopics } from './kafka-topics.ts';
import { parseKafkaUrl } from './kafka-url.ts';
import { readLag, readTopic, tailTopics } from './read-topics.ts';

export interface KafkaOptions extends OpenBusOptions {
  /** A subscription can never receive again. Ends the process by default: a supervisor starts it anew. */
  readonly onCrash?: (error: Error) => void;
}

/**
 * Opens Kafka behind the port `EventBus`. Connects when first used, and again whenever the broker was away: a service starts and serves
 * requests without it.
 *
 * @param url see `parseKafkaUrl`
 */
export function openKafka(url: string, options: KafkaOptions = {}): EventLog {
  const { log, clock = systemClock, clientId = 'parkwise', onCrash = endProcess } = options;
  const { timeoutMs = 10_000, leaseMs = 10_000, backoffMaxMs = 5_000 } = options;
  const client = kafkaClients(parseKafkaUrl(url), { clientId, log, timeoutMs });
  const topics = new KafkaTopics({ client, log, timeoutMs, backoffMaxMs });
  const sender = new KafkaSender({ client, timeoutMs });
  const subscriptions = new Set<KafkaSubscription>();
  const reads = { client, topics, timeoutMs };
  const context = { client, clock, log, timeoutMs, leaseMs, backoffMaxMs, onCrash, ready: () => topics.whenCreated() };

  return {
    createTopics: (wanted) => topics.create(wanted),
    describeTopics: (names) => topics.describe(names),
    topics: () => topics.list(),

    async send(records) {
      if (records.length === 0) return;
      const names = new Set(records.map(({ topic }) => topic));
      await topics.mustExist(names);
      try {
        await sender.send(records);
      } catch (error) {
        if (isTopicUnknown(error)) await topics.lookAgain(names);
        throw error;
      }
    },

    async subscribe(settings) {
      try {
        await topics.mustExist(settings.topics.filter((name) => !topics.isWanted(name)));
      } catch (error) {
        // The broker is away: the subscription waits for it.
        if (!isAway(error)) throw error;
      }
      const subscription = new KafkaSubscription(context, settings);
      subscription.start();
      subscriptions.add(subscription);
      return {
        async stop(graceMs) {
          await subscription.stop(graceMs);
          subscriptions.delete(subscription);
        },
      };
    },

    read: (topic, limit = 10_000) => readTopic(reads, topic, limit),
    async *tail({ topics: names, from }, signal) {
      yield* tailTopics(reads, { topics: names ?? (await topics.list()), from }, signal);
    },
    lag: (group) => readLag(reads, group),

    async close() {
      await Promise.all([...subscriptions].map((subscription) => subscription.stop()));
      await Promise.all([topics.close(), sender.close()]);
    },
  };
}
