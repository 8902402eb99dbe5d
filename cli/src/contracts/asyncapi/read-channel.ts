import type { ChannelModel } from '../../model/workspace.ts';
import { optional, textAt } from '../bundle/bundle.ts';
import type { Bundle, Part } from '../bundle/bundle.ts';

const defaultPartitions = 8;

/** `#/channels/orderEvents` → `orderEvents`. */
export const channelIdOf = (pointer: string): string => pointer.split('/').at(-1) ?? '';

export const readChannel = (bundle: Bundle, part: Part): ChannelModel => {
  const bindings = bundle.object(part, 'bindings');
  const kafka = bindings && bundle.object(bindings, 'kafka');
  const partitions = kafka?.value['partitions'];
  const configuration = (kafka && bundle.object(kafka, 'topicConfiguration'))?.value ?? {};
  const retention = configuration['retention.ms'];
  const cleanup = configuration['cleanup.policy'];
  return {
    id: channelIdOf(part.pointer),
    address: textAt(part.value, 'address') ?? '',
    ...optional('description', textAt(part.value, 'description')),
    partitions: typeof partitions === 'number' ? partitions : defaultPartitions,
    ...(typeof retention === 'number' && retention >= 0 ? { retentionMs: retention } : {}),
    compact: Array.isArray(cleanup) && cleanup.includes('compact'),
    source: bundle.places.at(part.value),
  };
};

/** A channel whose address ends in `commands` carries commands. */
export const isCommandChannel = (address: string): boolean => /(^|[^a-z])commands$/i.test(address);
