import { constantsOf } from './above-data.ts';
import type { ChannelModel, MessageModel, MessagingContract } from '../../model/workspace.ts';
import type { Bundle, Part } from '../bundle/bundle.ts';
import { applyTraits } from './apply-traits.ts';
import { channelIdOf, isCommandChannel, readChannel } from './read-channel.ts';
import { readConsumer } from './read-consumers.ts';
import { isRealtimeOperation } from './realtime-servers.ts';
import { readRealtime } from './read-realtime.ts';
import { messagePlaces, readMessage } from './read-message.ts';
import type { MessagePlace } from './read-message.ts';
import { SchemaTable } from './schema-table.ts';

/** An operation, its traits applied, with its channel and the messages it is about. */
export interface OperationPlace {
  readonly id: string;
  readonly action: 'send' | 'receive';
  readonly part: Part;
  readonly channel: ChannelModel;
  readonly messages: readonly MessagePlace[];
}

export const asyncOperations = (bundle: Bundle): readonly OperationPlace[] =>
  bundle.entries(bundle.document, 'operations').flatMap(([id, own]) => {
    const channelPart = bundle.object(own, 'channel');
    const action = own.value['action'];
    if (!channelPart || (action !== 'send' && action !== 'receive')) return [];
    const part = applyTraits(bundle, own);
    const channel = readChannel(bundle, channelPart);
    const all = messagePlaces(bundle, channelPart, channel);
    const listed = own.value['messages'];
    const messages = Array.isArray(listed)
      ? listed.flatMap((entry) => all.find(({ id }) => id === messageIdOf(entry)) ?? [])
      : all;
    return [{ id, action, part, channel, messages }];
  });

/** Key of the message that an entry of an operation's `messages` names. */
export const messageIdOf = (entry: unknown): string | undefined => {
  if (typeof entry !== 'object' || entry === null || !('$ref' in entry) || typeof entry.$ref !== 'string')
    return undefined;
  return decodeURIComponent(channelIdOf(entry.$ref)).replaceAll('~1', '/').replaceAll('~0', '~');
};

/** The model of a document that has been checked. */
export const readAsyncApi = (bundle: Bundle, dialect: 'draft-07' | '2020-12'): MessagingContract => {
  const schemas = new SchemaTable(bundle);
  const operations = asyncOperations(bundle);
  const models = new Map<string, MessageModel>();
  const modelOf = (place: MessagePlace): MessageModel => {
    const key = JSON.stringify([place.channel.id, place.id]);
    const model = models.get(key) ?? withConstants(readMessage(bundle, place, schemas), place, bundle);
    models.set(key, model);
    return model;
  };
  const onTopics = operations.filter(({ part }) => !isRealtimeOperation(bundle, part));
  const sends = onTopics.filter(({ action }) => action === 'send');
  const receives = onTopics.filter(({ action }) => action === 'receive');
  const sent = new Map(
    sends.flatMap(({ messages }) => messages.map((place) => [`${place.channel.id} ${place.id}`, place] as const)),
  );
  return {
    file: bundle.file,
    document: bundle.root,
    dialect,
    channels: ownChannels(bundle, onTopics),
    sends: [...sent.values()].map(modelOf).sort((a, b) => order(a.id, b.id)),
    consumers: receives
      .map(({ id, part, channel, messages }) =>
        readConsumer(bundle, { id, part, channel, messages: messages.map(modelOf) }),
      )
      .sort((a, b) => order(a.id, b.id)),
    realtime: readRealtime(bundle, { operations, schemas, modelOf }),
    schemas: schemas.sorted(),
  };
};

/** Channels defined here, not referred to, on which the service sends or receives commands. */
const ownChannels = (bundle: Bundle, operations: readonly OperationPlace[]): readonly ChannelModel[] => {
  const own = new Map<string, ChannelModel>();
  for (const { action, channel } of operations) {
    const isOwn = channel.source.file === bundle.file && (action === 'send' || isCommandChannel(channel.address));
    if (isOwn) own.set(channel.id, channel);
  }
  return [...own.values()].sort((a, b) => order(a.id, b.id));
};

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const withConstants = (model: MessageModel, { part }: MessagePlace, bundle: Bundle): MessageModel => {
  const constants = constantsOf(part, model.envelope, bundle);
  return Object.keys(constants).length === 0 ? model : { ...model, constants };
};
