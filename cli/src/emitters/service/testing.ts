/**
 * `testing.ts`: the test kit with the types of this service.
 *
 *   export interface Operations {
 *     placeOrder(call: { readonly body: NewOrder }): Promise<TestAnswer<201, Order> | … | RuntimeAnswer<201 | 409>>;
 *   }
 */
import type { HttpOperation, Service } from '../../model/workspace.ts';
import type { OutputFile } from '../../output/output-file.ts';
import { code, importType, importValue, joined, renderSource, type Code } from '../../output/source-file.ts';
import { docComment, generatedHeader } from '../doc-comment.ts';
import { bodyType } from '../http/body-type.ts';
import type { HttpSchemas } from '../http/http-schemas.ts';
import { bodyKind } from '../http/media-type.ts';
import { parametersIn, parametersSchema, places, type Place } from '../http/operation-view.ts';
import { statusType } from '../http/status-type.ts';
import { property } from '../literal.ts';
import type { MessageSchemas } from '../messaging/message-schemas.ts';
import type { MessageTypes } from '../messaging/messages.ts';
import { testedChannels } from '../realtime/tested-channels.ts';
import { runtimeType, runtimeValue } from '../runtime-symbols.ts';
import { typePrinter, type TypePrinter } from '../types/type-printer.ts';
import { handledMessages } from './define-service.ts';

interface Input {
  readonly path: string;
  readonly service: Service;
  readonly schemas: HttpSchemas | undefined;
  readonly messages: MessageTypes | undefined;
  readonly inMessages: MessageSchemas | undefined;
}

export const emitTesting = ({ path, service, schemas, messages, inMessages }: Input): OutputFile => {
  const document = schemas?.document();
  const types = typePrinter(document, (name) => `Schemas[${JSON.stringify(name)}]`);
  const operations = (schemas === undefined ? [] : (service.http?.operations ?? [])).map((operation) =>
    printOperation(operation, { service, types, schemas: schemas as HttpSchemas }),
  );
  const message = (name: string): Code => code`${importType(name, './messages.ts')}`;
  const delivered = handledMessages(service).map((one) => {
    const doc = docComment(`Resolves when \`${one.handler.camel}\` has handled it.`);
    const data = message(messages?.received.get(one) ?? 'unknown');
    return code`${doc}${property(one.message.names.camel)}(data: Delivered<${data}>, about?: ${runtimeType('DeliveryDetails')}): Promise<void>;`;
  });
  const published = (service.messaging?.sends ?? []).map(
    ({ id }) => code`${property(id)}: ${message(messages?.sent.get(id) ?? 'unknown')};`,
  );
  const clients =
    service.calls.length === 0 ? code`Readonly<Record<never, never>>` : code`${importType('Clients', './clients.ts')}`;
  const channels = inMessages && testedChannels(service.messaging?.realtime ?? [], inMessages);
  const usesSchemas = operations.flat().some((piece) => typeof piece === 'string' && piece.includes('Schemas['));
  const body = joined([
    ...(usesSchemas ? [code`type Schemas = ${importType('components', './openapi.ts')}['schemas'];`] : []),
    ...(operations.length === 0 ? [] : [runtimeAnswer]),
    code`/** Each operation, called over HTTP. */\nexport interface Operations {\n${joined(operations, '\n')}\n}`,
    ...(delivered.length === 0 ? [] : [delivery]),
    code`/** Each message that the service receives, by name. */\nexport interface Deliver {\n${joined(delivered, '\n')}\n}`,
    code`/** Data of the messages that the service sends, by name. */\nexport interface Published {\n${joined(published, '\n')}\n}`,
    ...(channels ?? []),
    code`export interface Shape {
  readonly operations: Operations;
  readonly deliver: Deliver;
  readonly published: Published;
  readonly clients: ${clients};${channels ? '\n  readonly channels: Channels;' : ''}
}`,
    code`/** Calls a running service, wherever it is, as whoever holds the token. */
export const connect = (options: ${runtimeType('ConnectOptions')}): Operations =>
  ${runtimeValue('connectOperations')}<Operations>(${service.http === undefined ? '[]' : code`${importValue('routes', './routes.ts')}`}, options);`,
    code`/** Starts the service for one test, with stubs of the services that it calls. */
export const startTestService = (
  service: ${runtimeType('AnyServiceDefinition')},
  stubs: ${runtimeType('Stubs')}<Shape['clients']> = {},
  options: ${runtimeType('TestOptions')} = {},
): Promise<${runtimeType('TestService')}<Shape>> => ${runtimeValue('startTestService', 'startService')}<Shape>(service, stubs, options);`,
    ...(types.footer() === '' ? [] : [[types.footer()]]),
  ]);
  const sources = [service.http?.file, service.messaging?.file].filter((file) => file !== undefined);
  return {
    path,
    policy: 'regenerated',
    text: renderSource({ header: generatedHeader(sources.length > 0 ? sources : ['parkwise.yaml']), body }),
  };
};

const runtimeAnswer = code`/** What the runtime answers by itself, whatever the contract says. */
type RuntimeStatus = 400 | 401 | 403 | 404 | 405 | 406 | 408 | 409 | 412 | 413 | 415 | 422 | 428 | 429 | 431 | 500 | 501 | 503;

interface RuntimeProblem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
}

type RuntimeAnswer<Declared extends number> = ${runtimeType('TestAnswer')}<Exclude<RuntimeStatus, Declared>, RuntimeProblem>;`;

const delivery = code`/** A message may hold more than the service reads. */
type Delivered<Data> = Data | (Data & Readonly<Record<string, unknown>>);`;

interface Context {
  readonly service: Service;
  readonly types: TypePrinter;
  readonly schemas: HttpSchemas;
}

const printOperation = (operation: HttpOperation, { service, types, schemas }: Context): Code => {
  const members = (Object.keys(places) as Place[]).flatMap((place) => {
    const parameters = parametersIn(operation, place).map((parameter) =>
      // The test kit makes up a key where none is given.
      parameter.name.toLowerCase() === 'idempotency-key' ? { ...parameter, required: false } : parameter,
    );
    if (parameters.length === 0) return [];
    const optional = parameters.every((parameter) => !parameter.required);
    const type = types.print(schemas.typeOf(parametersSchema(parameters, schemas, false), 'request'));
    return [{ text: `readonly ${places[place]}${optional ? '?' : ''}: ${type};`, optional }];
  });
  const bodies = operation.body?.content ?? [];
  if (bodies.length > 0) {
    const optional = operation.body?.required !== true;
    const union = [...new Set(bodies.map((media) => bodyType(media, 'request', schemas, types)))].join(' | ');
    members.push({ text: `readonly body${optional ? '?' : ''}: ${union};`, optional });
  }
  if (bodies.length > 1 || (bodies[0] !== undefined && bodyKind(bodies[0].mediaType) !== 'json')) {
    members.push({
      text: `readonly contentType?: ${bodies.map(({ mediaType }) => `'${mediaType}'`).join(' | ')};`,
      optional: true,
    });
  }
  const declared = operation.responses.map(({ status }) => status);
  const answers = operation.responses.map((response) => {
    const bodyTypes = response.content.map((media) => bodyType(media, 'answer', schemas, types));
    const body = bodyTypes.length === 0 ? 'undefined' : [...new Set(bodyTypes)].join(' | ');
    return code`\n| ${runtimeType('TestAnswer')}<${statusType(response.status, declared)}, ${body}>`;
  });
  const statuses = operation.responses.map(({ status }) => statusType(status, declared)).join(' | ');
  const optional = members.every((member) => member.optional);
  const doc = docComment(
    operation.summary,
    `\`${operation.method.toUpperCase()} ${service.http?.basePath ?? ''}${operation.path}\``,
  );
  const call =
    members.length === 0
      ? 'call?: Readonly<Record<never, never>>'
      : `call${optional ? '?' : ''}: {\n${members.map(({ text }) => text).join('\n')}\n}`;
  return code`${doc}${property(operation.id)}(${call}): Promise<${joined(answers, '')}\n| RuntimeAnswer<${statuses === '' ? 'never' : statuses}>>;`;
};
