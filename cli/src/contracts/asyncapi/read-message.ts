import { isObject } from '../../source/structure-reader.ts';
import type { ChannelModel, MessageLocationModel, MessageModel } from '../../model/workspace.ts';
import { optional, textAt } from '../bundle/bundle.ts';
import type { Bundle, Part } from '../bundle/bundle.ts';
import { envelopeRoles } from '../extensions.ts';
import { namesOf, pascalCase } from '../../model/names.ts';
import { stepsInto, withParts } from '../schemas/pointer-in-schema.ts';
import { applyTraits } from './apply-traits.ts';
import type { SchemaTable } from './schema-table.ts';

/** A message of a channel, its traits applied. */
export interface MessagePlace {
  readonly id: string;
  readonly channel: ChannelModel;
  readonly part: Part;
}

export const messagePlaces = (bundle: Bundle, channel: Part, model: ChannelModel): readonly MessagePlace[] =>
  bundle.entries(channel, 'messages').map(([id, part]) => ({ id, channel: model, part: applyTraits(bundle, part) }));

export const readMessage = (
  bundle: Bundle,
  { id, channel, part }: MessagePlace,
  schemas: SchemaTable,
): MessageModel => {
  const { value } = part;
  const envelope = readEnvelope(part, bundle);
  const version = literalAt(bundle, part, envelope.version);
  const type = literalAt(bundle, part, envelope.type);
  const payload = Object.hasOwn(value, 'payload') ? value['payload'] : true;
  return {
    id,
    names: namesOf(id, 'message'),
    ...optional('summary', textAt(value, 'summary') ?? textAt(value, 'title')),
    ...optional('description', textAt(value, 'description')),
    deprecated: value['deprecated'] === true,
    type: typeof type === 'string' ? type : id,
    version: typeof version === 'number' || typeof version === 'string' ? version : 1,
    channel,
    contentType: textAt(value, 'contentType') ?? textAt(bundle.root, 'defaultContentType') ?? 'application/json',
    payloadSchema: schemas.add(payload, `${pascalCase(id)}Payload`),
    ...(Object.hasOwn(value, 'headers')
      ? { headersSchema: schemas.add(value['headers'], `${pascalCase(id)}Headers`) }
      : {}),
    envelope,
    source: bundle.places.at(value),
  };
};

/** `$message.payload#/metadata/eventId` as a place in a message. */
export const locationOf = (expression: string): MessageLocationModel | undefined => {
  const match = /^\$message\.(payload|header)(?:#(.*))?$/.exec(expression);
  return match ? { in: match[1] === 'header' ? 'header' : 'payload', pointer: match[2] ?? '' } : undefined;
};

export const readEnvelope = (part: Part, bundle: Bundle): MessageModel['envelope'] => {
  const stated = part.value['x-parkwise-envelope'];
  const expressions: Record<string, unknown> = isObject(stated) ? { ...stated } : {};
  expressions['correlation'] ??= bundle.object(part, 'correlationId')?.value['location'];
  return Object.fromEntries(
    envelopeRoles.flatMap((role) => {
      const expression = expressions[role];
      const location = typeof expression === 'string' ? locationOf(expression) : undefined;
      return location ? [[role, location]] : [];
    }),
  );
};

/** The schemas of what stands at a place of a message, together with those that apply to the same value. */
export const schemasAtLocation = (bundle: Bundle, message: Part, location: MessageLocationModel): readonly Part[] => {
  const key = location.in === 'header' ? 'headers' : 'payload';
  const whole = bundle.object(message, key);
  const schema = whole && Object.hasOwn(whole.value, 'schema') ? bundle.object(whole, 'schema') : whole;
  return schema ? stepsInto(bundle, withParts(bundle, schema, new Set()), location.pointer) : [];
};

/** The one value that a place of a message may have; undefined where there are several. */
export const literalAt = (bundle: Bundle, message: Part, location: MessageLocationModel | undefined): unknown => {
  for (const { value } of location ? schemasAtLocation(bundle, message, location) : []) {
    if (Object.hasOwn(value, 'const')) return value['const'];
    if (Array.isArray(value['enum']) && value['enum'].length === 1) return value['enum'][0] as unknown;
  }
  return undefined;
};
