import type { ChannelModel } from '../../model/workspace.ts';
import { optional, textAt } from '../bundle/bundle.ts';
import type { Bundle, Part } from '../bundle/bundle.ts';

const defaultPartitions = 8;

/** `#/channels/orderEvents` → `orderEvents`. */
export const channelIdOf = (pointer: string): string => pointer.split('/').at(-1) ?? '';

export const readChannel = (bundle: Bundle, part: Part): ChannelModel => {
  const bindings = bundle.object(part, 'bindings');
  const kafka = bindings && bundle.object(bindings, 'kafka');
  const configuration = (kafka && bundle.object(kafka, 'topicConfiguration'))?.value ?? {};
  const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);
  const policies: unknown[] = Array.isArray(configuration['cleanup.policy']) ? configuration['cleanup.policy'] : [];
  const compact = policies.includes('compact');
  return {
    id: channelIdOf(part.pointer),
    address: textAt(part.value, 'address') ?? '',
    ...optional('description', textAt(part.value, 'description')),
    partitions: number(kafka?.value['partitions']) ?? defaultPartitions,
    ...optional('replicas', number(kafka?.value['replicas'])),
    ...optional('retentionMs', number(configuration['retention.ms'])),
    ...optional('retentionBytes', number(configuration['retention.bytes'])),
    compact,
    ...(compact && policies.includes('delete') ? { compactAndDelete: true } : {}),
    ...optional('deleteRetentionMs', number(configuration['delete.retention.ms'])),
    ...optional('maxMessageBytes', number(configuration['max.message.bytes'])),
    source: bundle.places.at(part.value),
  };
};

/** A channel whose address ends in `commands` carries commands. */
export const isCommandChannel = (address: string): boolean => /(^|[^a-z])commands$/i.test(address);
