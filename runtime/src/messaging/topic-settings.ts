/** The topics that a contract calls for, as they are on the transport. */
import type { ConsumerDefinition, TopicDefinition } from './contract.ts';
import type { TopicSettings } from './event-bus.ts';
import { deadLetterTopic, physicalTopic, retryTopic } from './physical-names.ts';
import { DEFAULT_MAX_MESSAGE_BYTES } from './record-size.ts';

export const topicSettings = ({ address, ...settings }: TopicDefinition, namespace?: string): TopicSettings => ({
  ...settings,
  name: physicalTopic(namespace, address),
});

/** What is written beside a failed message must fit behind one that has the largest size allowed. */
const FAILURE_BYTES = 16_384;

/** What a consumer reads, and where it puts what fails: its topic, the retries, the dead letters. */
export function consumerTopics(
  consumer: Pick<ConsumerDefinition, 'group' | 'topic' | 'order' | 'retryMs'>,
  namespace?: string,
): readonly TopicSettings[] {
  const topic = topicSettings(consumer.topic, namespace);
  // Failures of one key are not replaced by later ones.
  const { compact: _compact, compactAndDelete: _delete, deleteRetentionMs: _retention, ...kept } = topic;
  const failed = { ...kept, maxMessageBytes: (topic.maxMessageBytes ?? DEFAULT_MAX_MESSAGE_BYTES) + FAILURE_BYTES };
  // Ordered ones wait in a table of the service.
  const retries = consumer.order === 'key' ? [] : consumer.retryMs;
  return [
    topic,
    ...retries.map((_, index) => ({ ...failed, name: retryTopic(topic.name, consumer.group, index + 1) })),
    { ...failed, name: deadLetterTopic(topic.name, consumer.group) },
  ];
}
