/**
 * Parts of `live-client.ts`, which the template `templates/asyncapi` lays out around the engine that stands beside it:
 *
 *   export const orderProgress = (call: { … }, events: OrderProgressEvents, options: LiveOptions): OrderProgressHandle => …
 *
 * The file imports nothing, so that it can be copied into any web page or program.
 */
import type { RealtimeChannelModel } from '../../model/realtime-channel.ts';
import type { MessageModel, MessagingContract } from '../../model/workspace.ts';
import { docComment, generatedHeader } from '../doc-comment.ts';
import { literal, property, quote, type Literal } from '../literal.ts';
import type { MessageSchemas } from '../messaging/message-schemas.ts';
import { fromEntries } from '../schemas/json-schema.ts';
import { typeLibrary, type TypeLibrary, type TypeView } from '../types/type-library.ts';
import { parametersAt, upgradePlaces, upgradeSchema, type UpgradePlace } from './channel-view.ts';
import { messageTypesIn } from './channels.ts';

export interface LiveClientParts {
  readonly header: string;
  readonly types: readonly string[];
  readonly channels: readonly string[];
}

/** Types that the engine declares. */
const engineTypes = [
  'ChannelPlan',
  'Closing',
  'LiveHandle',
  'LiveOptions',
  'LiveState',
  'MessagePlan',
  'RawEvents',
  'Session',
  'WebSocket',
  'WebSocketLike',
];

export const liveClientParts = (contract: MessagingContract, schemas: MessageSchemas): LiveClientParts => {
  const { realtime } = contract;
  const library = typeLibrary([...engineTypes, ...realtime.flatMap(({ names }) => ownTypes(names.pascal))]);
  const source = schemas.source;
  const heard: TypeView = { id: 'heard', source, open: true, prefix: 'Heard' };
  const said: TypeView = { id: 'said', source, open: false, prefix: 'Said' };
  const heardType = messageTypesIn(library, heard, schemas);
  const saidType = messageTypesIn(library, said, schemas);
  const channels = realtime.map((channel) => printChannel(channel, { heardType, saidType, said, library, schemas }));
  return { header: generatedHeader([contract.file]), types: library.declarations(), channels };
};

const ownTypes = (pascal: string): string[] => ['Call', 'Events', 'Handle'].map((end) => `${pascal}${end}`);

interface Context {
  readonly heardType: (message: MessageModel) => string;
  readonly saidType: (message: MessageModel) => string;
  readonly said: TypeView;
  readonly library: TypeLibrary;
  readonly schemas: MessageSchemas;
}

const printChannel = (channel: RealtimeChannelModel, context: Context): string => {
  const { names, sends, receives, live } = channel;
  const { heardType, saidType } = context;
  const call = `${names.pascal}Call`;
  const events = `${names.pascal}Events`;
  const handle = `${names.pascal}Handle`;
  const version = live === undefined ? undefined : live.versions === 'number' ? 'number' : 'string';
  const listeners = sends.map((message) => {
    const parameters = `data: ${heardType(message)}${message.envelope.sequence && version ? `, version: ${version}` : ''}`;
    return `${docComment(message.summary)}readonly ${property(message.names.camel)}?: (${parameters}) => void;`;
  });
  const senders = receives.map(
    (message) => `${docComment(message.summary)}${property(message.names.camel)}(data: ${saidType(message)}): boolean;`,
  );
  return [
    `export interface ${call} {\n${callMembers(channel, context).join('\n')}\n}`,
    `/** What is told; \`state\` tells of the connection itself. */\nexport interface ${events} {\n${listeners.join('\n')}\nreadonly state?: (state: LiveState, closing?: Closing) => void;\n}`,
    `export interface ${handle} extends LiveHandle {\n/** Each returns false while the connection is not open: nothing is sent then. */\nreadonly send: {\n${senders.join('\n')}\n};\n}`,
    `${docComment(channel.summary, channel.description, `\`WebSocket ${channel.path}\``)}export const ${names.camel} = (call: ${call}, events: ${events}, options: LiveOptions): ${handle} =>\n  openSession(${plan(channel)}, call, events as RawEvents, options) as ${handle};`,
  ].join('\n\n');
};

const callMembers = (channel: RealtimeChannelModel, { library, schemas, said }: Context): string[] =>
  (['path', 'query'] as const satisfies readonly UpgradePlace[]).flatMap((place) => {
    const parameters = parametersAt(channel, place).filter(({ name }) => name !== channel.live?.resume);
    if (parameters.length === 0) return [];
    const isOptional = parameters.every(({ required }) => !required);
    const type = library.print(upgradeSchema(parameters, schemas, false), said);
    return [`readonly ${upgradePlaces[place]}${isOptional ? '?' : ''}: ${type};`];
  });

const plan = (channel: RealtimeChannelModel): string => {
  const table: Literal = {
    path: channel.path,
    resume: channel.live?.resume,
    sends: channel.sends.map((message) => messagePlan(message)),
    receives: channel.receives.map((message) => messagePlan(message)),
  };
  return literal(table)
    .map((piece) => (typeof piece === 'string' ? piece : quote(piece.name)))
    .join('');
};

const messagePlan = ({ names, type, version, envelope, constants }: MessageModel): Literal => ({
  name: names.camel,
  type,
  places: fromEntries(
    (['type', 'version', 'data', 'sequence'] as const).flatMap((role): [string, Literal][] => {
      const place = envelope[role];
      return place ? [[role, place.pointer]] : [];
    }),
  ),
  version,
  constants: constants as Literal,
});
