/** Upgrades made from the WebSocket channels of a served AsyncAPI document. */
import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { windowIn } from '../platform/windows.ts';

type Json = Readonly<Record<string, unknown>>;

export interface ContractChannel {
  readonly name: string;
  /** With the pathname of its server: `/v1/live/orders/{orderId}`. */
  readonly path: string;
  readonly pathParameters: readonly string[];
  /** What the upgrade has to say, each within its schema. */
  readonly query: Readonly<Record<string, string>>;
  /** Scopes that let a caller in; undefined where the contract lets everybody in. */
  readonly scopes: readonly string[] | undefined;
  readonly access: { readonly roles?: readonly string[]; readonly foreign?: number };
}

/** Every channel of the document that clients reach by WebSocket. */
export const channelsOf = (document: Json): ContractChannel[] => {
  const follow = (value: unknown): Json => {
    const ref = (value as Json | undefined)?.['$ref'];
    if (typeof ref !== 'string') return (value ?? {}) as Json;
    const names = ref.slice(2).split('/');
    return follow(names.reduce<unknown>((place, name) => (place as Json)[name], document));
  };
  const operations = Object.values((document['operations'] ?? {}) as Json) as Json[];

  return Object.entries((document['channels'] ?? {}) as Json).flatMap(([name, value]) => {
    const channel = follow(value);
    const servers = ((channel['servers'] ?? []) as unknown[]).map(follow);
    const server = servers.find(({ protocol }) => protocol === 'ws' || protocol === 'wss');
    if (!server) return [];
    const own = operations.filter((operation) => follow(operation['channel']) === channel);
    const schemes = own.flatMap(({ security }) => (security ?? []) as unknown[]).map(follow);
    const { required = [], properties = {} } = follow(
      ((channel['bindings'] as Json | undefined)?.['ws'] as Json | undefined)?.['query'],
    ) as { readonly required?: readonly string[]; readonly properties?: Json };
    const access = own.map((operation) => operation['x-parkwise-access']).find(Boolean);
    return [
      {
        name,
        path: `${(server['pathname'] ?? '') as string}${channel['address'] as string}`,
        pathParameters: Object.keys((channel['parameters'] ?? {}) as Json),
        query: Object.fromEntries(required.map((one, index) => [one, valueOf(follow(properties[one]), index)])),
        scopes: schemes.length === 0 ? undefined : schemes.flatMap(({ scopes }) => (scopes ?? []) as string[]),
        access: (access ?? {}) as ContractChannel['access'],
      },
    ];
  });
};

/** Later parameters get later moments. */
const valueOf = ({ type, format, minimum = 0 }: Json, index: number): string => {
  if (format === 'date-time') return windowIn(4 + index).startsAt;
  if (type === 'number' || type === 'integer') return String(Math.max(0, Number(minimum)));
  throw new Error(`no value is known for ${String(type)} ${String(format)}`);
};

/** Asks for the upgrade as a client that is no browser does: the HTTP status of the answer, 101 for whoever is let in. */
export const knock = (url: string, token?: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const upgrade = request(url, {
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': randomBytes(16).toString('base64'),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
    });
    upgrade.once('upgrade', ({ statusCode = 0 }, socket) => {
      socket.destroy();
      resolve(statusCode);
    });
    upgrade.once('response', (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    upgrade.once('error', reject);
    upgrade.end();
  });
