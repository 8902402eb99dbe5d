import type { RealtimeChannelModel } from '../../model/realtime-channel.ts';
import type { MessageModel, MessagingContract } from '../../model/workspace.ts';
import type { Code } from '../../output/source-file.ts';
import { literal, raw, type Literal } from '../literal.ts';
import { valueShape } from '../http/value-shape.ts';
import type { MessageSchemas } from '../messaging/message-schemas.ts';
import { fromEntries } from '../schemas/json-schema.ts';
import type { ValidatorSet } from '../validators/validator-set.ts';
import { parametersAt, upgradePlaces, upgradeSchema, type UpgradePlace } from './channel-view.ts';

interface Input {
  readonly contract: MessagingContract;
  readonly schemas: MessageSchemas;
  readonly validators: ValidatorSet;
}

/** The channels as the runtime runs them. */
export const channelTables = (input: Input): Code => {
  const { realtime } = input.contract;
  const schemes = realtime.flatMap(({ securitySchemes }) => securitySchemes);
  return literal({
    channels: realtime.map((channel) => channelTable(channel, input)),
    securitySchemes: fromEntries(
      schemes.map((scheme): [string, Literal] => [
        scheme.name,
        scheme.kind === 'bearer' ? { kind: 'bearer' } : { kind: 'apiKey', in: scheme.in, name: scheme.parameter },
      ]),
    ),
  });
};

const channelTable = (channel: RealtimeChannelModel, input: Input): Literal => ({
  name: channel.names.camel,
  handler: channel.handler.camel,
  path: channel.path,
  security: channel.security.map((alternative) => fromEntries(Object.entries(alternative))),
  roles: channel.access?.roles,
  parameters: channel.parameters.map((parameter): Literal => ({
    name: parameter.name,
    in: parameter.in,
    required: parameter.required,
    style: parameter.in === 'query' ? 'form' : 'simple',
    explode: parameter.in === 'query',
    shape: valueShape(input.schemas.source.byName(parameter.schema), input.schemas.source) as Literal,
  })),
  validate: fromEntries(
    (Object.keys(upgradePlaces) as UpgradePlace[]).flatMap((place): [string, Literal][] => {
      const parameters = parametersAt(channel, place);
      if (parameters.length === 0) return [];
      const key = place === 'header' ? 'headers' : place;
      const wish = `${channel.names.camel}${key.charAt(0).toUpperCase()}${key.slice(1)}`;
      return [[key, raw(input.validators.add(wish, upgradeSchema(parameters, input.schemas, false), check(input)))]];
    }),
  ),
  sends: channel.sends.map((message) => messageTable(message, input)),
  receives: channel.receives.map((message) => messageTable(message, input)),
  live: channel.live && {
    snapshot: channel.live.snapshot,
    notice: channel.live.notice,
    resume: channel.live.resume,
    versions: channel.live.versions,
  },
});

const messageTable = (message: MessageModel, input: Input): Literal => ({
  name: message.id,
  publisher: message.names.camel,
  type: message.type,
  version: message.version,
  envelope: fromEntries(
    Object.entries(message.envelope).map(([part, place]): [string, Literal] => [
      part,
      { in: place.in, pointer: place.pointer },
    ]),
  ),
  constants: message.constants as Literal,
  validate: raw(input.validators.add(`${message.names.camel}Live`, input.schemas.payload(message), check(input))),
});

const check = ({ schemas }: Input) => ({ source: schemas.source, document: 'messages', open: false });
