/** The messages of one channel as the runtime makes them. */
import type { Ids } from '../process/service-definition.ts';
import type { Change } from './change-log.ts';
import type { ChannelDefinition, ChannelMessage } from './contract.ts';
import { textFrame } from './frame.ts';
import type { LiveState } from './hub.ts';
import { checkWireValue, versionText, wireValue } from './wire.ts';

export interface LiveChannel {
  readonly channel: ChannelDefinition;
  readonly snapshotFrame: (data: unknown, versions: readonly number[]) => Buffer;
  readonly changeFrame: (change: Change, versions: readonly number[]) => Buffer;
  /** Undefined where the contract has no such message. */
  noticeFrame(state: LiveState): Buffer | undefined;
  /** A message to one client. */
  directFrame(message: ChannelMessage, data: unknown): Buffer;
}

export interface LiveChannelOptions {
  readonly service: string;
  readonly ids: Ids;
  readonly now: () => Date;
  readonly sent: (channel: string) => void;
}

export const liveChannel = (channel: ChannelDefinition, options: LiveChannelOptions): LiveChannel => {
  const { service, ids, now, sent } = options;
  const byName = new Map(channel.sends.map((message) => [message.name, message]));
  const named = (name: string): ChannelMessage => {
    const message = byName.get(name);
    if (!message) throw new Error(`${channel.name} sends no message ${name}`);
    return message;
  };
  const frame = (
    message: ChannelMessage,
    data: unknown,
    about: {
      readonly at?: number;
      readonly versions?: readonly number[];
      readonly key?: string;
      readonly checked?: boolean;
    },
  ): Buffer => {
    const sequence = about.versions && versionText(about.versions, channel);
    const id = ids.next();
    const value = wireValue(message, data, {
      id,
      time: (about.at === undefined ? now() : new Date(about.at)).toISOString(),
      source: service,
      correlation: id,
      key: about.key ?? id,
      ...(sequence !== undefined && { sequence }),
    });
    if (about.checked !== true) checkWireValue(message, value);
    sent(channel.name);
    return textFrame(JSON.stringify(value));
  };
  return {
    channel,
    snapshotFrame: (data, versions) => frame(named(channel.live?.snapshot ?? ''), data, { versions }),
    // It was checked as it was told.
    changeFrame: (change, versions) =>
      frame(named(change.message), change.data, {
        at: change.at,
        versions,
        key: change.feed.slice(change.feed.indexOf('/') + 1),
        checked: true,
      }),
    noticeFrame: (state) => {
      const name = channel.live?.notice;
      return name === undefined ? undefined : frame(named(name), { state }, {});
    },
    directFrame: (message, data) => frame(message, data, {}),
  };
};
