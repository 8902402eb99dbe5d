import type { RealtimeChannelModel, RealtimeParameterModel } from '../../model/realtime-channel.ts';
import type { JsonSchema, MessageModel } from '../../model/workspace.ts';
import { isObject, fromEntries } from '../schemas/json-schema.ts';
import type { MessageSchemas } from '../messaging/message-schemas.ts';

/** Parts of a WebSocket channel in the form that several emitters need. */

/** Names under which the places stand in a handler's request, and in the validators. */
export const upgradePlaces = { path: 'parameters', query: 'query', header: 'headers' } as const;
export type UpgradePlace = keyof typeof upgradePlaces;

export const parametersAt = (channel: RealtimeChannelModel, place: UpgradePlace): readonly RealtimeParameterModel[] =>
  channel.parameters.filter((parameter) => parameter.in === place);

/** All parameters of a place as one object. What has a default is always there for the handler (`filled`). */
export const upgradeSchema = (
  parameters: readonly RealtimeParameterModel[],
  schemas: MessageSchemas,
  filled: boolean,
): JsonSchema => {
  const defaults: Record<string, unknown> = {};
  const properties = parameters.map(({ name, required, description, schema: key }): [string, JsonSchema] => {
    const schema = schemas.source.byName(key);
    const resolved = schemas.source.resolve(schema);
    if (!required && isObject(resolved) && 'default' in resolved) defaults[name] = resolved['default'];
    return [name, description !== undefined && isObject(schema) ? { ...schema, description } : schema];
  });
  return {
    type: 'object',
    properties: fromEntries(properties),
    required: parameters
      .filter(({ name, required }) => required || (filled && Object.hasOwn(defaults, name)))
      .map(({ name }) => name),
    ...(parameters[0]?.in === 'query' ? { additionalProperties: false } : {}),
    'x-parkwise-defaults': defaults,
  };
};

export const snapshotOf = ({ sends, live }: RealtimeChannelModel): MessageModel | undefined =>
  sends.find(({ id }) => id === live?.snapshot);

/** Messages that are told to rooms. */
export const changesOf = ({ sends, live }: RealtimeChannelModel): readonly MessageModel[] =>
  live === undefined
    ? []
    : sends.filter(({ id, envelope }) => envelope.sequence && id !== live.snapshot && id !== live.notice);

/** Messages to one client, in answer to what it said. */
export const directOf = ({ sends, live }: RealtimeChannelModel): readonly MessageModel[] =>
  sends.filter(({ id, envelope }) => id !== live?.snapshot && id !== live?.notice && !(live && envelope.sequence));

/** Types of messages of several channels: one that is the same in two is declared once. */
export const messageKey = (message: MessageModel): string =>
  JSON.stringify([message.id, message.payloadSchema, message.envelope.data]);
