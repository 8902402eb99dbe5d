/** The rules for channels on WebSocket servers. */
import { didYouMean } from '../../source/did-you-mean.ts';
import { isObject } from '../../source/structure-reader.ts';
import { scopesOf } from '../openapi/read-operations.ts';
import { textAt } from '../bundle/bundle.ts';
import type { Part } from '../bundle/bundle.ts';
import type { AsyncApiContext } from './check-asyncapi.ts';
import { checkLive } from './check-live.ts';
import type { OperationPlace } from './read-asyncapi.ts';
import { readEnvelope } from './read-message.ts';
import type { MessagePlace } from './read-message.ts';
import { addressParameters, bindingNames, schemaObject, webSocketBinding } from './read-realtime.ts';
import { readSecurityScheme, scopesAsked, securityPlaces } from './read-security.ts';
import type { SecurityPlace } from './read-security.ts';
import { pathnameOf, webSocketServers } from './realtime-servers.ts';

/** The channel itself: its address, parameters, servers and messages. */
export const checkRealtimeChannel = (
  part: Part,
  { address, addresses, id }: { address: string; addresses: Map<string, string>; id: string },
  { bundle, findings }: AsyncApiContext,
): void => {
  const position = bundle.places.atValue(part.value, 'address');
  const parameters = addressParameters(address);
  if (!/^(\/([A-Za-z0-9._~-]+|\{[A-Za-z0-9_-]+\}))+$/.test(address)) {
    findings.error('channel-address', position, {
      message: `"${address}" cannot be the address of a WebSocket channel.`,
      hint: 'Write a path such as /orders/{orderId}/progress; a parameter is a whole segment.',
    });
  }
  const shape = address.replaceAll(/\{[^{}]*\}/g, '{}');
  const other = addresses.get(shape);
  if (other !== undefined) {
    findings.error('channel-address', position, {
      message: `The channels "${other}" and "${id}" have the same address "${address}".`,
      hint: 'Give them different addresses.',
    });
  }
  addresses.set(shape, id);
  const described = bundle.entries(part, 'parameters').map(([name]) => name);
  for (const name of parameters.filter((name) => !described.includes(name))) {
    findings.error('channel-parameter', position, {
      message: `The parameter "${name}" of the address is not described.${didYouMean(name, described)}`,
      hint: 'Describe it under "parameters" of the channel.',
    });
  }
  for (const name of described.filter((name) => !parameters.includes(name))) {
    findings.error('channel-parameter', bundle.places.at(part.value['parameters'] as object, name), {
      message: `The address has no parameter "${name}".${didYouMean(name, parameters)}`,
      hint: `Write {${name}} into the address, or remove the description.`,
    });
  }
  const pathnames = new Set(webSocketServers(bundle, part).map(pathnameOf));
  if (pathnames.size > 1) {
    findings.error('server-pathname', bundle.places.at(part.value), {
      message: `The servers of "${id}" have different paths: ${[...pathnames].map((path) => `"${path}"`).join(', ')}.`,
      hint: 'Give them the same "pathname": it stands before the address wherever the service runs.',
    });
  }
  const binding = webSocketBinding(bundle, part);
  for (const key of ['query', 'headers'] as const) {
    const schema = binding && schemaObject(bundle, binding, key);
    if (!schema || isObject(schema.value['properties'])) continue;
    findings.error('websocket-binding', bundle.places.at(binding.value, key), {
      message: `The schema of "${key}" has no properties.`,
      hint: `Describe each ${key === 'query' ? 'query parameter' : 'header'} under "properties".`,
    });
  }
};

/** WebSocket messages have a payload and nothing else. */
export const checkRealtimeMessages = (
  messages: readonly MessagePlace[],
  { bundle, findings }: AsyncApiContext,
): void => {
  for (const { id, part } of messages) {
    if (Object.hasOwn(part.value, 'headers')) {
      findings.error('construct-not-carried', bundle.places.at(part.value, 'headers'), {
        message: `Headers of a WebSocket message ("${id}") are not carried into code.`,
        hint: 'Put them into the payload.',
      });
    }
    for (const [role, location] of Object.entries(readEnvelope(part, bundle))) {
      if (location?.in !== 'header') continue;
      findings.error('construct-not-carried', bundle.places.at(part.value), {
        message: `The ${role} of "${id}" stands in a header, which a WebSocket message has not.`,
        hint: 'Give it a place in the payload.',
      });
    }
  }
};

/** An operation on such a channel; `others` are those of the same channel that were checked before. */
export const checkRealtimeOperation = (
  operation: OperationPlace,
  others: readonly OperationPlace[],
  context: AsyncApiContext,
): void => {
  const { bundle, findings } = context;
  const { value } = operation.part;
  if (Object.hasOwn(value, 'x-parkwise-consumer')) {
    findings.error('misplaced-extension', bundle.places.at(value, 'x-parkwise-consumer'), {
      message: 'A WebSocket channel has no consumer.',
      hint: 'Remove it: what a client sends is handled at once, and not again.',
    });
  }
  const same = others.find(({ action }) => action === operation.action);
  if (same) {
    findings.error('several-operations', bundle.places.at(value), {
      message: `"${operation.id}" is about the same channel as "${same.id}", in the same direction.`,
      hint: 'Write one operation with all its messages.',
    });
  }
  const { messages } = operation;
  if (messages.length > 1) {
    for (const { id, part } of messages.filter(({ part: message }) => !readEnvelope(message, bundle).type)) {
      findings.error('message-type-place', bundle.places.at(part.value), {
        message: `"${id}" is one of several messages of "${operation.id}", and does not say its type.`,
        hint: 'Name the place of its type in x-parkwise-envelope, with a const in the payload.',
      });
    }
  }
  const [first] = others;
  checkSecurity(operation, first, context);
  checkAccess(operation, context);
  checkLive(operation, context);
};

/** Deny by default: an operation says who may connect, if only that everybody may. */
const checkSecurity = (
  operation: OperationPlace,
  other: OperationPlace | undefined,
  context: AsyncApiContext,
): void => {
  const { bundle, findings } = context;
  const channel = bundle.object(operation.part, 'channel');
  if (!channel) return;
  const places = securityPlaces(bundle, operation.part, channel);
  if (!places) {
    findings.error('operation-security', bundle.places.at(operation.part.value), {
      message: `Who may connect to "${operation.channel.address}" is not said.`,
      hint: 'Add "security" with a scheme and its scopes to the operation or the server, or "security: []" for everybody.',
    });
    return;
  }
  for (const place of places) checkScheme(place, context);
  const before = other && securityPlaces(bundle, other.part, channel);
  const said = (list: readonly SecurityPlace[]): string =>
    JSON.stringify(list.map((place) => [place.name, scopesAsked(place).toSorted()]));
  if (other && before && said(before) !== said(places)) {
    findings.error('security-differs', bundle.places.at(operation.part.value), {
      message: `"${operation.id}" and "${other.id}" ask for different things of whoever connects.`,
      hint: 'A client connects once for both directions: write the same security.',
    });
  }
};

const checkScheme = (place: SecurityPlace, { bundle, findings }: AsyncApiContext): void => {
  const { value } = place.part;
  if (!readSecurityScheme(place)) {
    const inQuery = value['type'] === 'httpApiKey';
    findings.error('construct-not-carried', bundle.places.atValue(value, inQuery ? 'in' : 'type'), {
      message: inQuery
        ? 'A key in the URL of a WebSocket is not carried into code: URLs end up in logs.'
        : `Security by ${String(value['type'])} is not carried into code for WebSockets.`,
      hint: 'Use oauth2, openIdConnect, http with scheme bearer, or httpApiKey in a header or cookie.',
    });
  }
  if (value['type'] !== 'oauth2') return;
  const flows = bundle.object(place.part, 'flows');
  const known = new Set(Object.keys(flows ? availableScopes(flows, bundle) : {}));
  const { scopes } = value;
  if (known.size === 0 || !Array.isArray(scopes)) return;
  scopes.forEach((scope: unknown, index) => {
    if (typeof scope !== 'string' || known.has(scope)) return;
    findings.error('unknown-scope', bundle.places.at(scopes, index), {
      message: `The security scheme "${place.name}" has no scope "${scope}".${didYouMean(scope, [...known])}`,
      hint: 'Describe it under "availableScopes" of its flows.',
    });
  });
};

const availableScopes = (flows: Part, bundle: AsyncApiContext['bundle']): Readonly<Record<string, unknown>> => {
  const scopes: Record<string, unknown> = { ...scopesOf(flows, bundle) };
  for (const [, flow] of Object.keys(flows.value).map((name) => [name, bundle.object(flows, name)] as const)) {
    const available = flow?.value['availableScopes'];
    if (isObject(available)) Object.assign(scopes, available);
  }
  return scopes;
};

/** The owner's expression names a parameter, or a place in what is sent. */
const checkAccess = ({ part }: OperationPlace, { bundle, findings }: AsyncApiContext): void => {
  const access = part.value['x-parkwise-access'];
  if (!isObject(access)) return;
  const owner = textAt(access, 'owner');
  const match = /^\$request\.(path|query|header)\.(.+)$/.exec(owner ?? '');
  if (owner === undefined || !match) return;
  const channel = bundle.object(part, 'channel');
  if (!channel) return;
  const [, where, name = ''] = match;
  const names =
    where === 'path'
      ? addressParameters(textAt(channel.value, 'address') ?? '')
      : bindingNames(channel, where === 'query' ? 'query' : 'headers', bundle);
  if (names.includes(name)) return;
  findings.error('unknown-expression', bundle.places.atValue(access, 'owner'), {
    message: `"${owner}" names nothing: the channel has no ${where} parameter "${name}".${didYouMean(name, names)}`,
    hint: 'Name a parameter of the address, the query or the headers.',
  });
};
