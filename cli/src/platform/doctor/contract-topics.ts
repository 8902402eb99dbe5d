import { deadLetterTopic, physicalTopic, retryTopic } from '@parkwise/runtime/platform';
import type { ChannelModel, Workspace } from '../../model/workspace.ts';

/** A topic as the contracts want it, under the name that it has on the brokers. */
export interface ContractTopic {
  readonly name: string;
  /** Who creates it when it starts. */
  readonly service: string;
  readonly partitions: number;
  readonly retentionMs?: number;
  readonly compact: boolean;
}

/** Every topic that the services of a workspace create: their own, and those where their consumers' failed messages wait. */
export const contractTopics = (workspace: Workspace, namespace: string | undefined): readonly ContractTopic[] => {
  const topics = new Map<string, ContractTopic>();
  const add = (service: string, name: string, channel: ChannelModel, isKept: boolean): void => {
    const { partitions, retentionMs, compact } = channel;
    topics.set(name, {
      name,
      service,
      partitions,
      ...(retentionMs !== undefined && { retentionMs }),
      // Retries and dead letters of one key are not replaced by later ones.
      compact: isKept && compact,
    });
  };
  for (const { name: service, external, messaging } of workspace.services) {
    if (external || !messaging) continue;
    for (const channel of messaging.channels) add(service, physicalTopic(namespace, channel.address), channel, true);
    for (const { channel, order, retryMs } of messaging.consumers) {
      const topic = physicalTopic(namespace, channel.address);
      if (!topics.has(topic)) add(service, topic, channel, true);
      const retries = order === 'key' ? [] : retryMs;
      for (const index of retries.keys()) add(service, retryTopic(topic, service, index + 1), channel, false);
      add(service, deadLetterTopic(topic, service), channel, false);
    }
  }
  return [...topics.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
};
