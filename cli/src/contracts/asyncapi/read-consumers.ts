import { milliseconds } from '../../source/kind.ts';
import { isObject } from '../../source/structure-reader.ts';
import type { ChannelModel, ConsumedMessageModel, ConsumerModel, MessageModel } from '../../model/workspace.ts';
import { optional, textsAt } from '../bundle/bundle.ts';
import type { Bundle, Part } from '../bundle/bundle.ts';
import { namesOf } from '../../model/names.ts';
import { isCommandChannel } from './read-channel.ts';

const defaultRetryMs = [5000, 60_000, 600_000];

/** A receive operation, its traits applied, with the messages that it lists. */
export interface ReceivePlace {
  readonly id: string;
  readonly part: Part;
  readonly channel: ChannelModel;
  readonly messages: readonly MessageModel[];
}

export const readConsumer = (bundle: Bundle, { id, part, channel, messages }: ReceivePlace): ConsumerModel => {
  const stated = part.value['x-parkwise-consumer'];
  const policy = isObject(stated) ? stated : {};
  const reads = isObject(policy['reads']) ? policy['reads'] : {};
  const kind = isCommandChannel(channel.address) ? 'command' : 'event';
  return {
    id,
    names: namesOf(id, 'consumer'),
    channel,
    order: policy['order'] === 'none' ? 'none' : 'key',
    retryMs: Array.isArray(policy['retry']) ? textsAt(policy, 'retry').map(milliseconds) : defaultRetryMs,
    messages: messages.map((message): ConsumedMessageModel => {
      const pointers =
        Object.hasOwn(reads, message.id) && Array.isArray(reads[message.id])
          ? (reads[message.id] as string[])
          : undefined;
      return {
        message,
        kind,
        handler: handlerNames(message.id, kind),
        ...optional('reads', pointers),
        ...optional('upcastTo', nextVersion(message, messages)?.id),
      };
    }),
    source: bundle.places.at(part.value),
  };
};

/** `on-order-placed` for an event, `handle-place-order` for a command. */
export const handlerNames = (message: string, kind: 'event' | 'command'): ConsumedMessageModel['handler'] =>
  namesOf(`${kind === 'event' ? 'on' : 'handle'}-${message}`, 'handler');

const nextVersion = (message: MessageModel, messages: readonly MessageModel[]): MessageModel | undefined =>
  messages
    .filter((other) => other.type === message.type && compareVersions(other.version, message.version) > 0)
    .sort((a, b) => compareVersions(a.version, b.version))[0];

/** Part by part: 1 < 2, `1.2` < `1.10`. */
export const compareVersions = (a: number | string, b: number | string): number => {
  const left = partsOf(a);
  const right = partsOf(b);
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
};

const partsOf = (version: number | string): readonly number[] => String(version).match(/\d+/g)?.map(Number) ?? [];
