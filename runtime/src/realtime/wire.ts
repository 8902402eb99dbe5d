/** Messages of a channel ↔ their text on the wire. */
import { validationFault } from '../http/request-fault.ts';
import { dataOf } from '../messaging/envelope.ts';
import { valueAt, withValueAt } from '../messaging/message-location.ts';
import type { ChannelDefinition, ChannelMessage } from './contract.ts';

/** What stands around the data, besides what the contract fixes. */
export interface LiveParts {
  readonly id: string;
  readonly time: string;
  readonly source: string;
  readonly correlation?: string;
  readonly key?: string;
  /** The live version. */
  readonly sequence?: number | string;
}

/** What would be sent does not fit the contract: a bug of the service. Nothing is sent. */
export class InvalidLiveMessageError extends Error {
  override readonly name = 'InvalidLiveMessageError';
}

const PARTS = ['id', 'time', 'source', 'correlation', 'key', 'sequence'] as const;

/** The whole message as a value. */
export const wireValue = (message: ChannelMessage, data: unknown, parts: LiveParts): unknown => {
  const { envelope } = message;
  const at = (payload: unknown, part: keyof typeof envelope, value: unknown): unknown => {
    const place = envelope[part];
    return value === undefined || place?.in !== 'payload' ? payload : withValueAt(payload, place.pointer, value);
  };
  let payload = envelope.data ? withValueAt(undefined, envelope.data.pointer, data) : data;
  for (const [pointer, value] of Object.entries(message.constants ?? {}))
    payload = withValueAt(payload, pointer, value);
  payload = at(at(payload, 'type', message.type), 'version', message.version);
  for (const part of PARTS) payload = at(payload, part, parts[part]);
  return payload;
};

/** @throws InvalidLiveMessageError when it does not fit the contract */
export const checkWireValue = (message: ChannelMessage, value: unknown): void => {
  if (message.validate(value)) return;
  const { pointer, message: reason } = validationFault('body', message.validate);
  throw new InvalidLiveMessageError(`${message.name} does not fit its contract at "${pointer}": ${reason}`);
};

/** Rooms' versions as a client sees them. */
export const versionText = (
  versions: readonly number[],
  { live }: Pick<ChannelDefinition, 'live'>,
): number | string | undefined =>
  live === undefined ? undefined : live.versions === 'number' ? versions[0] : versions.join('.');

/** What a client says that it has seen; undefined if it is no version of so many rooms. */
export const readVersions = (text: unknown, rooms: number): readonly number[] | undefined => {
  const versions = String(text).split('.');
  const isSound = versions.length === rooms && versions.every((version) => /^\d{1,15}$/.test(version));
  return isSound ? versions.map(Number) : undefined;
};

/** Which of the messages a received value is. */
export const messageOf = (messages: readonly ChannelMessage[], payload: unknown): ChannelMessage | undefined => {
  const [only] = messages;
  if (only && messages.length === 1 && only.envelope.type === undefined) return only;
  return messages.find(({ envelope, type }) => valueAt(envelope.type, { payload, headers: {} }) === type);
};

export const receivedData = ({ envelope }: ChannelMessage, payload: unknown): unknown => dataOf(envelope, payload);
