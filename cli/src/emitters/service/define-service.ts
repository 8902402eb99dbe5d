/**
 * `service.ts`: binds the handlers to the contract, and says what they need.
 *
 *   export type Needs = NeedsOf<typeof placeOrder> & NeedsOf<typeof onPaymentReceived>;
 *
 *   export const defineService = <N extends Needs>(compose: (given: GivenHere) => N, options: ServiceOptions<N> = {}) => ({ … });
 */
import type { ConsumedMessageModel, Service } from '../../model/workspace.ts';
import type { OutputFile } from '../../output/output-file.ts';
import {
  code,
  importType,
  importValue,
  joined,
  renderSource,
  type Code,
  type Imported,
} from '../../output/source-file.ts';
import { docComment, generatedHeader } from '../doc-comment.ts';
import { property, quote } from '../literal.ts';
import { upcasterName } from '../messaging/consumers.ts';
import { runtimeType, runtimeValue } from '../runtime-symbols.ts';

/** Messages of a service by handler; several versions share one. */
export const handledMessages = (service: Service): readonly ConsumedMessageModel[] => {
  const all = service.messaging?.consumers.flatMap((consumer) => consumer.messages) ?? [];
  const handled = all.filter((one) => one.upcastTo === undefined);
  return handled.filter(
    (one, index) => handled.findIndex(({ handler }) => handler.kebab === one.handler.kebab) === index,
  );
};

export const upcastMessages = (service: Service): readonly ConsumedMessageModel[] =>
  (service.messaging?.consumers.flatMap((consumer) => consumer.messages) ?? []).filter(
    (one) => one.upcastTo !== undefined,
  );

export const emitService = (path: string, service: Service): OutputFile => {
  const operations = (service.http?.operations ?? []).map((operation) => ({
    key: operation.id,
    factory: importValue(operation.names.camel, `../application/${operation.names.kebab}.ts`),
    type: importType(operation.names.pascal, './operations.ts'),
  }));
  const messages = handledMessages(service).map(({ handler }) => ({
    key: handler.camel,
    factory: importValue(handler.camel, `../application/${handler.kebab}.ts`),
    type: importType(handler.pascal, './messages.ts'),
  }));
  const channels = (service.messaging?.realtime ?? []).map(({ handler }) => ({
    key: handler.camel,
    factory: importValue(handler.camel, `../application/${handler.kebab}.ts`),
    type: importType(handler.pascal, './channels.ts'),
  }));
  const upcasters = upcastMessages(service).map(({ message }) => {
    const name = upcasterName(message);
    const type = importType(`Upcast${message.names.pascal}`, './messages.ts');
    return { name, code: code`${importValue(name, `../upcasters/${message.names.kebab}.ts`)} satisfies ${type}` };
  });
  const needs = [...operations, ...messages, ...channels].map(
    ({ factory }) => code`${runtimeType('NeedsOf')}<typeof ${factory}>`,
  );
  const publish = service.messaging === undefined ? nothing : importType('Publish', './messages.ts');
  const clients = service.calls.length === 0 ? nothing : importType('Clients', './clients.ts');
  const configuration = importValue('configuration', '../configuration.ts');
  const configurationOf = code`${runtimeType('ConfigurationOf')}<typeof ${configuration}>`;
  const live = channels.length === 0 ? code`` : code`, ${importType('Live', './channels.ts')}`;

  const body = joined([
    code`/** What all handlers need together: \`compose\` gives it. */\nexport type Needs = ${needs.length === 0 ? 'unknown' : joined(needs, ' & ')};`,
    code`/** What the ports are made from. */\nexport type GivenHere = ${runtimeType('Given')}<${publish}, ${clients}, ${configurationOf}${live}>;`,
    code`export interface ServiceOptions<N> {
  /** Work that repeats as long as the service runs. */
  readonly jobs?: (needs: N, given: GivenHere) => readonly ${runtimeType('Job')}[];
  /** Fills an empty database on the first \`parkwise up\`; returns what a newcomer should be told. */
  readonly demo?: (needs: N, given: GivenHere) => Promise<readonly string[]>;
}`,
    tables(service, configuration),
    bind({ operations, messages, channels }, upcasters),
    code`${docComment(`The service \`${service.name}\`. A port that a handler needs and \`compose\` does not give does not compile.`)}export const defineService = <N extends Needs>(
  compose: (given: GivenHere) => N,
  options: ServiceOptions<N> = {},
): ${runtimeType('ServiceDefinition')}<N, ${publish}, ${clients}, ${configurationOf}${live}> => ({ tables, compose, bind, ...options });`,
  ]);
  const sources = [service.http?.file, service.messaging?.file].filter((file) => file !== undefined);
  return {
    path,
    policy: 'regenerated',
    text: renderSource({ header: generatedHeader(sources.length > 0 ? sources : ['parkwise.yaml']), body }),
  };
};

const nothing = 'Readonly<Record<never, never>>';

const tables = (service: Service, configuration: Imported): Code => {
  const table = (name: string, from: string, present: boolean, empty: string): Code => {
    if (!present) return code`${name}: ${empty}`;
    return code`${importValue(name, from)}`;
  };
  const http = service.http !== undefined;
  const messaging = service.messaging !== undefined;
  const document = (kind: string): Code =>
    code`${kind}: () => ${runtimeValue('readDocument')}(new URL('./documents/${kind}.json', import.meta.url))`;
  const documents = [...(http ? [document('openapi')] : []), ...(messaging ? [document('asyncapi')] : [])];
  const members = [
    code`name: ${quote(service.name)}`,
    table('routes', './routes.ts', http, '[]'),
    table('securitySchemes', './routes.ts', http, '{}'),
    table('messages', './consumers.ts', messaging, '[]'),
    table('topics', './consumers.ts', messaging, '[]'),
    table('consumers', './consumers.ts', messaging, '[]'),
    table('clients', './clients.ts', service.calls.length > 0, '{}'),
    ...(service.messaging?.realtime.length ? [code`${importValue('live', './channels.ts')}`] : []),
    code`documents: { ${joined(documents, ', ')} }`,
    code`directory: new URL('../../', import.meta.url)`,
    code`${configuration}`,
  ];
  return code`const tables: ${runtimeType('ServiceTables')} = {\n${joined(members, ',\n')},\n};`;
};

interface Bound {
  readonly key: string;
  readonly factory: Imported;
  readonly type: Imported;
}

const bind = (
  { operations, messages, channels }: Readonly<Record<'operations' | 'messages' | 'channels', readonly Bound[]>>,
  upcasters: readonly { readonly name: string; readonly code: Code }[],
): Code => {
  const entries = (handlers: readonly Bound[]): Code =>
    joined(
      handlers.map(({ key, factory, type }) => code`${property(key)}: give<${type}>(${factory})`),
      ',\n',
    );
  const used = operations.length + messages.length + channels.length > 0;
  const give = used ? `const give = <Handler>(factory: (needs: Needs) => Handler): Handler => factory(needs);\n  ` : '';
  return code`const bind = (${used ? 'needs' : '_needs'}: Needs): ${runtimeType('BoundHandlers')} => {
  ${give}return {
    operations: {\n${entries(operations)}\n},
    messages: {\n${entries(messages)}\n},
    upcasters: {\n${joined(
      upcasters.map((one) => code`${one.name}: ${one.code}`),
      ',\n',
    )}\n},${channels.length === 0 ? code`` : code`\n    channels: {\n${entries(channels)}\n},`}
  };
};`;
};

/** `main.ts`: what a process runs. */
export const emitMain = (path: string, sources: readonly string[]): OutputFile => ({
  path,
  policy: 'regenerated',
  text: renderSource({
    header: generatedHeader(sources),
    body: code`import service from '../service.ts';\n\nawait ${runtimeValue('runService')}(service);`,
  }),
});

/** `documents/*.json`: the contracts as they are served. */
export const emitDocuments = (directory: string, service: Service): OutputFile[] => {
  const document = (kind: string, value: unknown): OutputFile[] =>
    value === undefined
      ? []
      : [{ path: `${directory}/${kind}.json`, policy: 'regenerated', text: `${JSON.stringify(value, null, 2)}\n` }];
  return [...document('openapi', service.http?.document), ...document('asyncapi', service.messaging?.document)];
};
