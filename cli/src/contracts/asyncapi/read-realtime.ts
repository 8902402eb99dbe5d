import { isObject } from '../../source/structure-reader.ts';
import { namesOf, pascalCase } from '../../model/names.ts';
import type { MessageModel, RealtimeChannelModel, RealtimeParameterModel } from '../../model/workspace.ts';
import { optional, textAt } from '../bundle/bundle.ts';
import type { Bundle, Fields, Part } from '../bundle/bundle.ts';
import { isRealtimeOperation, pathnameOf, webSocketServers } from './realtime-servers.ts';
import type { OperationPlace } from './read-asyncapi.ts';
import { schemasAtLocation } from './read-message.ts';
import type { MessagePlace } from './read-message.ts';
import { readSecurityScheme, scopesAsked, securityPlaces } from './read-security.ts';
import type { SchemaTable } from './schema-table.ts';

interface Context {
  readonly operations: readonly OperationPlace[];
  readonly schemas: SchemaTable;
  readonly modelOf: (place: MessagePlace) => MessageModel;
}

/** Channels on WebSocket servers, of which this document has operations. */
export const readRealtime = (bundle: Bundle, context: Context): readonly RealtimeChannelModel[] => {
  const operations = context.operations.filter(({ part }) => isRealtimeOperation(bundle, part));
  const byChannel = Map.groupBy(operations, ({ channel }) => channel.id);
  return [...byChannel]
    .map(([id, own]) => readChannel(bundle, { id, own, context }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
};

const readChannel = (
  bundle: Bundle,
  { id, own, context }: { id: string; own: readonly OperationPlace[]; context: Context },
): RealtimeChannelModel => {
  const [first] = own as readonly [OperationPlace];
  const part = bundle.object(first.part, 'channel') as Part;
  const { value } = part;
  const [server] = webSocketServers(bundle, part);
  const messages = (action: OperationPlace['action']): readonly MessageModel[] => [
    ...new Set(own.filter((one) => one.action === action).flatMap((one) => one.messages.map(context.modelOf))),
  ];
  const places = own.map((one) => securityPlaces(bundle, one.part, part)).find((found) => found !== undefined) ?? [];
  const access = own.map((one) => one.part.value['x-parkwise-access']).find(isObject);
  return {
    id,
    names: namesOf(id, 'channel'),
    handler: namesOf(`watch-${id}`, 'handler'),
    path: `${server ? pathnameOf(server) : ''}${textAt(value, 'address') ?? ''}`,
    ...optional('summary', textAt(value, 'summary') ?? textAt(value, 'title')),
    ...optional('description', textAt(value, 'description')),
    parameters: readParameters(bundle, part, context.schemas),
    securitySchemes: places.flatMap((place) => readSecurityScheme(place) ?? []),
    security: places.map((place) => ({ [place.name]: scopesAsked(place) })),
    ...optional('access', access as RealtimeChannelModel['access']),
    sends: messages('send'),
    receives: messages('receive'),
    ...optional('live', readLive(bundle, own)),
    source: bundle.places.at(value),
  };
};

const readLive = (bundle: Bundle, own: readonly OperationPlace[]): RealtimeChannelModel['live'] | undefined => {
  const sending = own.find(({ action, part }) => action === 'send' && isObject(part.value['x-parkwise-live']));
  if (!sending) return undefined;
  const stated = sending.part.value['x-parkwise-live'] as Fields;
  const snapshot = textAt(stated, 'snapshot') ?? '';
  const whole = sending.messages.find(({ id }) => id === snapshot);
  return {
    snapshot,
    ...optional('notice', textAt(stated, 'notice')),
    ...optional('resume', textAt(stated, 'resume')),
    versions: whole && versionType(bundle, whole.part) === 'integer' ? 'number' : 'text',
  };
};

/** Type of the live version in a message; undefined where it has none, or says nothing of it. */
export const versionType = (bundle: Bundle, message: Part): 'integer' | 'string' | undefined => {
  const envelope = message.value['x-parkwise-envelope'];
  const expression = isObject(envelope) ? textAt(envelope, 'sequence') : undefined;
  const pointer = /^\$message\.payload#(.*)$/.exec(expression ?? '')?.[1];
  if (pointer === undefined) return undefined;
  const types = schemasAtLocation(bundle, message, { in: 'payload', pointer }).flatMap(
    ({ value }) => value['type'] ?? [],
  );
  return types.includes('integer') ? 'integer' : types.includes('string') ? 'string' : undefined;
};

/** Names in braces, in the order of the address. */
export const addressParameters = (address: string): readonly string[] =>
  [...address.matchAll(/\{([^{}]*)\}/g)].map(([, name = '']) => name);

/** Of the address as `parameters` describes them, of query and headers as the binding does. */
const readParameters = (bundle: Bundle, channel: Part, schemas: SchemaTable): readonly RealtimeParameterModel[] => {
  const described = new Map(bundle.entries(channel, 'parameters'));
  const prefix = pascalCase(textAt(channel.value, 'address') ?? 'channel');
  const path = addressParameters(textAt(channel.value, 'address') ?? '').map((name): RealtimeParameterModel => {
    const value = described.get(name)?.value ?? {};
    return {
      name,
      in: 'path',
      required: true,
      ...optional('description', textAt(value, 'description')),
      schema: schemas.add(parameterSchema(value), `${prefix}${pascalCase(name)}`),
    };
  });
  const binding = webSocketBinding(bundle, channel);
  const ofBinding = (key: 'query' | 'headers'): readonly RealtimeParameterModel[] => {
    const holder = binding && schemaObject(bundle, binding, key);
    const properties = holder && bundle.object(holder, 'properties');
    const required = Array.isArray(holder?.value['required']) ? (holder.value['required'] as readonly unknown[]) : [];
    return Object.entries(properties?.value ?? {}).map(([name, schema]) => {
      const resolved = properties && bundle.object(properties, name);
      return {
        name,
        in: key === 'query' ? 'query' : 'header',
        required: required.includes(name),
        ...optional('description', resolved && textAt(resolved.value, 'description')),
        schema: schemas.add(schema, `${prefix}${pascalCase(name)}`),
      };
    });
  };
  return [...path, ...ofBinding('query'), ...ofBinding('headers')];
};

export const webSocketBinding = (bundle: Bundle, channel: Part): Part | undefined => {
  const bindings = bundle.object(channel, 'bindings');
  return bindings && bundle.object(bindings, 'ws');
};

/** A schema at a key, without the object that says its format. */
export const schemaObject = (bundle: Bundle, holder: Part, key: string): Part | undefined => {
  const found = bundle.object(holder, key);
  return found && Object.hasOwn(found.value, 'schema') && !Object.hasOwn(found.value, 'properties')
    ? bundle.object(found, 'schema')
    : found;
};

/** Names of the query parameters or headers that the binding describes. */
export const bindingNames = (channel: Part, key: 'query' | 'headers', bundle: Bundle): readonly string[] => {
  const binding = webSocketBinding(bundle, channel);
  const schema = binding && schemaObject(bundle, binding, key);
  return Object.keys((schema && bundle.object(schema, 'properties'))?.value ?? {});
};

const MOST_LETTERS = 200;

const parameterSchema = (value: Fields): unknown => {
  if (Object.hasOwn(value, 'x-parkwise-schema')) return value['x-parkwise-schema'];
  const { enum: values } = value;
  return { type: 'string', ...(Array.isArray(values) ? { enum: values } : { minLength: 1, maxLength: MOST_LETTERS }) };
};
