/**
 * What the test kit knows of channels:
 *
 *   export interface Channels {
 *     orderProgress(call: { readonly parameters: { orderId: string } }): Promise<TestConnection<OrderProgressHeard, OrderProgressSaid>>;
 *   }
 */
import type { RealtimeChannelModel } from '../../model/realtime-channel.ts';
import { code, joined, type Code } from '../../output/source-file.ts';
import { docComment } from '../doc-comment.ts';
import { property, quote } from '../literal.ts';
import type { MessageSchemas } from '../messaging/message-schemas.ts';
import { runtimeType } from '../runtime-symbols.ts';
import { typeLibrary, type TypeView } from '../types/type-library.ts';
import { parametersAt, upgradePlaces, upgradeSchema, type UpgradePlace } from './channel-view.ts';
import { messageTypesIn } from './channels.ts';

/** Declarations; undefined for a service without channels. */
export const testedChannels = (
  channels: readonly RealtimeChannelModel[],
  schemas: MessageSchemas,
): readonly Code[] | undefined => {
  if (channels.length === 0) return undefined;
  const taken = channels.flatMap(({ names }) => [`${names.pascal}Heard`, `${names.pascal}Said`]);
  const library = typeLibrary([
    'Channels',
    'Clients',
    'Deliver',
    'Operations',
    'Published',
    'Shape',
    'Schemas',
    ...taken,
  ]);
  const view: TypeView = { id: 'tested', source: schemas.source, open: false, prefix: 'Live' };
  const dataOf = messageTypesIn(library, view, schemas);

  const declared = channels.map((channel) => {
    const { pascal } = channel.names;
    const heard = channel.sends.map((message) => {
      const version =
        channel.live && message.envelope.sequence
          ? channel.live.versions === 'number'
            ? 'number'
            : 'string'
          : undefined;
      return `\n| { readonly message: ${quote(message.id)}; readonly data: ${dataOf(message)}${version ? `; readonly version: ${version}` : ''} }`;
    });
    const said = channel.receives.map((message) => `${property(message.names.camel)}(data: ${dataOf(message)}): void;`);
    return code`export type ${pascal}Heard = ${heard.length === 0 ? 'never' : heard.join('')};\n\nexport interface ${pascal}Said {\n${said.join('\n')}\n}`;
  });
  const methods = channels.map((channel) => {
    const { pascal, camel } = channel.names;
    const members = (Object.keys(upgradePlaces) as UpgradePlace[]).flatMap((place) => {
      const parameters = parametersAt(channel, place);
      if (parameters.length === 0) return [];
      const isOptional = parameters.every(({ required }) => !required);
      const type = library.print(upgradeSchema(parameters, schemas, false), view);
      return [{ text: `readonly ${upgradePlaces[place]}${isOptional ? '?' : ''}: ${type};`, isOptional }];
    });
    const call =
      members.length === 0
        ? 'call?: Readonly<Record<never, never>>'
        : `call${members.every(({ isOptional }) => isOptional) ? '?' : ''}: {\n${members.map(({ text }) => text).join('\n')}\n}`;
    const doc = docComment(channel.summary, `\`WebSocket ${channel.path}\``);
    return code`${doc}${property(camel)}(${call}): Promise<${runtimeType('TestConnection')}<${pascal}Heard, ${pascal}Said>>;`;
  });
  return [
    ...library.declarations().map((text): Code => [text]),
    ...declared,
    code`/** Each WebSocket channel; resolves once the connection is open, or refused. */\nexport interface Channels {\n${joined(methods, '\n')}\n}`,
  ];
};
