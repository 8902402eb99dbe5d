/** Which channels are served over WebSockets: those whose servers are. */
import { textAt } from '../bundle/bundle.ts';
import type { Bundle, Part } from '../bundle/bundle.ts';

export type Transport = 'topic' | 'websocket' | 'mixed';

export const isWebSocket = ({ value }: Part): boolean => /^wss?$/.test(textAt(value, 'protocol') ?? '');

/** A channel without servers is on all of the document's, unless it has a WebSocket binding. */
export const transportOf = (bundle: Bundle, channel: Part): Transport => {
  const servers = serversOf(bundle, channel);
  const realtime = servers.filter(isWebSocket).length;
  if (Array.isArray(channel.value['servers']))
    return realtime === 0 ? 'topic' : realtime === servers.length ? 'websocket' : 'mixed';
  const bindings = bundle.object(channel, 'bindings');
  if (bindings && Object.hasOwn(bindings.value, 'ws')) return 'websocket';
  return servers.length > 0 && realtime === servers.length ? 'websocket' : 'topic';
};

/** The servers that a channel names; else all, or all WebSocket servers if that is how it is served. */
export const serversOf = (bundle: Bundle, channel: Part): readonly Part[] =>
  Array.isArray(channel.value['servers'])
    ? bundle.items(channel, 'servers')
    : bundle.entries(bundle.document, 'servers').map(([, server]) => server);

export const webSocketServers = (bundle: Bundle, channel: Part): readonly Part[] =>
  serversOf(bundle, channel).filter(isWebSocket);

/** Path that stands before the addresses of a server. */
export const pathnameOf = ({ value }: Part): string => (textAt(value, 'pathname') ?? '').replace(/\/+$/, '');

const transportOfOperation = (bundle: Bundle, operation: Part): Transport | undefined => {
  const channel = bundle.object(operation, 'channel');
  return channel && transportOf(bundle, channel);
};

export const isRealtimeOperation = (bundle: Bundle, operation: Part): boolean =>
  transportOfOperation(bundle, operation) === 'websocket';

/** Reported at the channel; nothing else can be said of it. */
export const isMixed = (bundle: Bundle, operation: Part): boolean =>
  transportOfOperation(bundle, operation) === 'mixed';
