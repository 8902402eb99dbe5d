/** The publishing side: `live.orderProgress.orderMoved(tx, orderId, { … })`. */
import { afterCommit } from '../persistence/open-tx.ts';
import type { ChangeLog } from './change-log.ts';
import type { ChannelDefinition, ChannelMessage } from './contract.ts';
import type { FanOut } from './fan-out.ts';
import type { Tell } from './watch.ts';
import { checkWireValue, versionText, wireValue } from './wire.ts';

/** Publishers by channel and message. */
export type LivePublishers = Readonly<Record<string, Readonly<Record<string, Tell<unknown>>>>>;

export interface TellOptions {
  readonly service: string;
  readonly changes: ChangeLog;
  readonly fanOut: FanOut;
}

const MOST_ROOM_LETTERS = 160;

export const feedOf = (channel: ChannelDefinition, room: string): string => {
  if (room === '' || room.length > MOST_ROOM_LETTERS)
    throw new Error(`"${room}" cannot be a room of ${channel.name}: it needs 1 to ${MOST_ROOM_LETTERS} characters`);
  return `${channel.name}/${room}`;
};

/** Messages that are told to rooms: those that carry a version, but for the snapshot. */
export const changesOf = ({ sends, live }: ChannelDefinition): readonly ChannelMessage[] =>
  live === undefined
    ? []
    : sends.filter(({ name, envelope }) => envelope.sequence && name !== live.snapshot && name !== live.notice);

export const createLive = (channels: readonly ChannelDefinition[], options: TellOptions): LivePublishers =>
  Object.fromEntries(
    channels.map((channel) => [
      channel.name,
      Object.fromEntries(changesOf(channel).map((message) => [message.publisher, teller(channel, message, options)])),
    ]),
  );

const teller =
  (channel: ChannelDefinition, message: ChannelMessage, { service, changes, fanOut }: TellOptions): Tell<unknown> =>
  async (tx, rooms, data) => {
    const sample = { id: SAMPLE_ID, time: '2000-01-01T00:00:00.000Z', source: service };
    const sequence = versionText([1], channel);
    checkWireValue(
      message,
      wireValue(message, data, {
        ...sample,
        correlation: SAMPLE_ID,
        key: SAMPLE_ID,
        ...(sequence !== undefined && { sequence }),
      }),
    );
    // Always in the same order, so that two transactions never wait for each other.
    const feeds = [...new Set([rooms].flat().map((room) => feedOf(channel, room)))].toSorted();
    for (const feed of feeds) {
      const change = await changes.append(tx, { feed, message: message.name, data });
      afterCommit(tx, () => fanOut.announce(change));
    }
  };

/** Stands for what is only known when the message goes out. */
const SAMPLE_ID = '00000000-0000-7000-8000-000000000000';
