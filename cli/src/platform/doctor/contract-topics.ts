import { consumerTopics, topicSettings, type TopicDefinition, type TopicSettings } from '@parkwise/runtime/platform';
import type { ChannelModel, Workspace } from '../../model/workspace.ts';

/** Every topic that the services of a workspace create: their own, and those where their consumers' failed messages wait. */
export const contractTopics = (workspace: Workspace, namespace: string | undefined): readonly TopicSettings[] => {
  const topics = new Map<string, TopicSettings>();
  const owned = workspace.services.filter(({ external, messaging }) => !external && messaging);
  for (const { messaging } of owned) {
    for (const channel of messaging?.channels ?? []) {
      const topic = topicSettings(definitionOf(channel), namespace);
      topics.set(topic.name, topic);
    }
  }
  for (const { name: group, messaging } of owned) {
    for (const { channel, order, retryMs } of messaging?.consumers ?? []) {
      for (const topic of consumerTopics({ group, topic: definitionOf(channel), order, retryMs }, namespace))
        // Whoever sends to a topic knows best what it is like.
        if (!topics.has(topic.name)) topics.set(topic.name, topic);
    }
  }
  return [...topics.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
};

const definitionOf = ({
  id: _id,
  description: _description,
  source: _source,
  ...topic
}: ChannelModel): TopicDefinition => topic;
