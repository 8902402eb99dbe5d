/**
 * Parts of `channels.ts`, which the template `templates/asyncapi` lays out:
 *
 *   export type WatchOrderProgress = (request: WatchOrderProgressRequest) => Promise<Watch>;
 *
 *   export interface WatchOrderProgressRequest extends WatchContext {
 *     readonly parameters: { orderId: string };
 *     readonly auth: Auth;
 *     readonly reply: WatchReplies<OrderProgressWatch>;
 *   }
 *
 *   export interface Live { readonly orderProgress: { readonly orderMoved: Tell<OrderMoved> } }
 *
 *   export const live: ChannelTables = { … };
 */
import type { RealtimeChannelModel } from '../../model/realtime-channel.ts';
import type { MessageModel, MessagingContract } from '../../model/workspace.ts';
import { code, joined, resolveImports, type Code } from '../../output/source-file.ts';
import { docComment, generatedHeader } from '../doc-comment.ts';
import { property, quote } from '../literal.ts';
import type { MessageSchemas } from '../messaging/message-schemas.ts';
import { runtimeType } from '../runtime-symbols.ts';
import { typeLibrary, type TypeLibrary, type TypeView } from '../types/type-library.ts';
import type { ValidatorSet } from '../validators/validator-set.ts';
import { channelTables } from './channel-tables.ts';
import {
  changesOf,
  directOf,
  messageKey,
  parametersAt,
  snapshotOf,
  upgradePlaces,
  upgradeSchema,
  type UpgradePlace,
} from './channel-view.ts';

export interface ChannelsParts {
  readonly header: string;
  readonly imports: string;
  /** Declarations, one after another. */
  readonly types: readonly string[];
  readonly channels: readonly string[];
  readonly live: string;
  readonly tables: string;
}

interface Input {
  readonly contract: MessagingContract;
  readonly schemas: MessageSchemas;
  readonly validators: ValidatorSet;
}

interface Context extends Input {
  readonly library: TypeLibrary;
  /** Type of a message's data, by `messageKey`. */
  readonly dataOf: (message: MessageModel) => string;
}

export const channelParts = (input: Input): ChannelsParts => {
  const { contract, schemas } = input;
  const { realtime } = contract;
  const library = typeLibrary(['Live', ...realtime.flatMap(ownTypes)]);
  const dataOf = messageTypesIn(library, { id: 'live', source: schemas.source, open: false, prefix: 'Live' }, schemas);
  for (const channel of realtime) for (const message of [...channel.sends, ...channel.receives]) dataOf(message);
  const context = { ...input, library, dataOf };
  const channels = realtime.map((channel) => printChannel(channel, context));
  const live = printLive(realtime, context);
  const tables = code`export const live: ${runtimeType('ChannelTables')} = ${channelTables(input)};`;
  const types = library.declarations();
  const { statements, print } = resolveImports([...channels, live, tables], types.flatMap(declaredIn));
  return {
    header: generatedHeader([contract.file]),
    imports: statements,
    types,
    channels: channels.map(print),
    live: print(live),
    tables: print(tables),
  };
};

const declaredIn = (text: string): string[] =>
  [...text.matchAll(/^export (?:interface|type) (\S+)/gm)].map((match) => match[1] as string);

const ownTypes = ({ names, handler }: RealtimeChannelModel): string[] => [
  handler.pascal,
  `${handler.pascal}Request`,
  ...['Watch', 'Change', 'Send'].map((end) => `${names.pascal}${end}`),
];

/** Declares the data of each message once. */
export const messageTypesIn = (
  library: TypeLibrary,
  view: TypeView,
  schemas: MessageSchemas,
): ((message: MessageModel) => string) => {
  const known = new Map<string, string>();
  return (message) => {
    const key = messageKey(message);
    const name =
      known.get(key) ??
      library.declare(
        [
          message.names.pascal,
          `${message.channel.id.charAt(0).toUpperCase()}${message.channel.id.slice(1)}${message.names.pascal}`,
        ],
        schemas.source.resolve(schemas.data(message)),
        { view, doc: [message.summary, message.description].filter((text) => text !== undefined).join('\n\n') },
      );
    known.set(key, name);
    return name;
  };
};

const printChannel = (channel: RealtimeChannelModel, context: Context): Code => {
  const { names, handler } = channel;
  const doc = docComment(channel.summary, channel.description, `\`WebSocket ${channel.path}\``);
  const what = `${names.pascal}Watch`;
  return joined([
    code`${doc}export type ${handler.pascal} = (request: ${handler.pascal}Request) => Promise<${runtimeType('Watch')}>;`,
    code`export interface ${handler.pascal}Request extends ${runtimeType('WatchContext')} {\n${joined(requestMembers(channel, context), '\n')}\nreadonly reply: ${runtimeType('WatchReplies')}<${what}>;\n}`,
    ...printWatch(channel, what, context),
  ]);
};

const requestMembers = (channel: RealtimeChannelModel, { schemas, library }: Context): Code[] => {
  const view: TypeView = { id: 'live', source: schemas.source, open: false, prefix: 'Live' };
  const members = (Object.keys(upgradePlaces) as UpgradePlace[]).flatMap((place): Code[] => {
    const parameters = parametersAt(channel, place);
    if (parameters.length === 0) return [];
    const type = library.print(upgradeSchema(parameters, schemas, true), view);
    return [code`readonly ${upgradePlaces[place]}: ${type};`];
  });
  if (channel.security.length > 0) members.push(code`readonly auth: ${runtimeType('Auth')};`);
  return members;
};

const printWatch = (channel: RealtimeChannelModel, what: string, { dataOf }: Context): Code[] => {
  const { names, receives } = channel;
  const snapshot = snapshotOf(channel);
  const changes = changesOf(channel);
  const direct = directOf(channel);
  const send = `${names.pascal}Send`;
  const connection = code`${runtimeType('LiveConnection')}<${direct.length === 0 ? 'unknown' : send}>`;
  const on =
    receives.length === 0
      ? code``
      : code`/** What becomes of the client's messages; one after another. */\nreadonly on: {\n${joined(
          receives.map(
            (message) =>
              code`${docComment(message.summary)}readonly ${property(message.names.camel)}: (data: ${dataOf(message)}, connection: ${connection}) => Promise<void>;`,
          ),
          '\n',
        )}\n};`;
  const parts: Code[] = [];
  if (changes.length > 0) {
    const union = changes.map((message) => code`\n| ${runtimeType('Delta')}<${quote(message.id)}, ${dataOf(message)}>`);
    parts.push(code`export type ${names.pascal}Change = ${joined(union, '')};`);
  }
  const base =
    snapshot === undefined
      ? code``
      : code` extends ${runtimeType('Subscription')}<${dataOf(snapshot)}${changes.length > 0 ? `, ${names.pascal}Change` : ''}>`;
  const isEmpty = snapshot !== undefined && receives.length === 0;
  parts.push(
    isEmpty
      ? code`export type ${what} = ${runtimeType('Subscription')}<${dataOf(snapshot)}${changes.length > 0 ? `, ${names.pascal}Change` : ''}>;`
      : code`export interface ${what}${base} {\n${on}\n}`,
  );
  if (direct.length > 0) {
    const members = direct.map(
      (message) => `${docComment(message.summary)}${property(message.names.camel)}(data: ${dataOf(message)}): void;`,
    );
    parts.push(code`/** Messages to one client. */\nexport interface ${send} {\n${members.join('\n')}\n}`);
  }
  return parts;
};

const printLive = (channels: readonly RealtimeChannelModel[], { dataOf }: Context): Code => {
  const members = channels.flatMap((channel): Code[] => {
    const changes = changesOf(channel);
    if (changes.length === 0) return [];
    const tellers = changes.map(
      (message) =>
        code`${docComment(message.summary)}readonly ${property(message.names.camel)}: ${runtimeType('Tell')}<${dataOf(message)}>;`,
    );
    return [code`readonly ${property(channel.names.camel)}: {\n${joined(tellers, '\n')}\n};`];
  });
  return code`/** Tells those who watch, once the transaction has committed. */\nexport interface Live {\n${joined(members, '\n')}\n}`;
};
