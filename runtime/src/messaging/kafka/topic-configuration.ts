/** Topic settings ↔ the names that Kafka has for them. */
import type { TopicDescription, TopicSettings } from '../event-bus.ts';

const NUMBERS = {
  retentionMs: 'retention.ms',
  retentionBytes: 'retention.bytes',
  deleteRetentionMs: 'delete.retention.ms',
  maxMessageBytes: 'max.message.bytes',
} as const;

const entries = Object.entries(NUMBERS) as [keyof typeof NUMBERS, string][];

export const CONFIGURATION_NAMES: readonly string[] = ['cleanup.policy', ...Object.values(NUMBERS)];

export function toConfiguration(settings: TopicSettings): { readonly name: string; readonly value: string }[] {
  const { compact = false, compactAndDelete = false } = settings;
  const policy = compact ? (compactAndDelete ? 'compact,delete' : 'compact') : 'delete';
  return [
    { name: 'cleanup.policy', value: policy },
    ...entries.flatMap(([setting, name]) => {
      const value = settings[setting];
      return value === undefined ? [] : [{ name, value: String(value) }];
    }),
  ];
}

/** `configuration` is empty where the broker did not tell it. */
export function toDescription(
  topic: { readonly name: string; readonly partitions: number; readonly replicas: number },
  configuration: Readonly<Record<string, string>>,
): TopicDescription {
  const policy = configuration['cleanup.policy']?.split(',');
  const numbers = entries.flatMap(([setting, name]) => {
    const value = configuration[name];
    return value === undefined ? [] : [[setting, Number(value)] as const];
  });
  return {
    ...topic,
    ...Object.fromEntries(numbers),
    ...(policy && {
      compact: policy.includes('compact'),
      compactAndDelete: policy.includes('compact') && policy.includes('delete'),
    }),
  };
}
