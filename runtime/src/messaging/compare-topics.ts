import type { TopicDescription, TopicDifference, TopicSettings } from './event-bus.ts';

const SETTINGS = [
  'partitions',
  'replicas',
  'retentionMs',
  'retentionBytes',
  'compact',
  'compactAndDelete',
  'deleteRetentionMs',
  'maxMessageBytes',
] as const satisfies readonly (keyof TopicSettings)[];

/** Where topics are not what their contracts say. What a contract leaves open, or a transport does not tell, is no difference. */
export function compareTopics(
  wanted: readonly TopicSettings[],
  actual: readonly TopicDescription[],
): readonly TopicDifference[] {
  return wanted.flatMap((contract) => {
    const found = actual.find(({ name }) => name === contract.name);
    if (!found) return [{ topic: contract.name, setting: 'topic', contract: 'exists', actual: 'missing' }];
    return SETTINGS.flatMap((setting) => {
      const [asked, is] = [contract[setting], found[setting]];
      // A contract that says nothing of compaction means a topic without it.
      const expected = asked ?? (setting === 'compact' ? false : undefined);
      if (expected === undefined || is === undefined || expected === is) return [];
      return [{ topic: contract.name, setting, contract: String(expected), actual: String(is) }];
    });
  });
}

/** `orders.events: partitions are 8, the contract says 12`. */
export const describeDifference = ({ topic, setting, contract, actual }: TopicDifference): string =>
  setting === 'topic' ? `${topic} is missing` : `${topic}: ${setting} is ${actual}, the contract says ${contract}`;
