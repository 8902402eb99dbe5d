/** WebSocket channels as the test kit connects to them. */
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import type { ParameterDefinition } from '../http/contract.ts';
import { dataOf } from '../messaging/envelope.ts';
import { valueAt } from '../messaging/message-location.ts';
import type { ChannelDefinition, ChannelMessage, ChannelTables } from '../realtime/contract.ts';
import { messageOf, wireValue } from '../realtime/wire.ts';
import type { TestConnection } from './test-service.ts';
import { writeQuery, writeSegment } from './write-parameter.ts';

export interface TestChannelsOptions {
  readonly tables: ChannelTables;
  /** `http://127.0.0.1:4001`. */
  readonly url: string;
  /** Headers that show who connects. */
  readonly authorize: (channel: ChannelDefinition) => Promise<Readonly<Record<string, string>>>;
}

interface ChannelCall {
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, unknown>>;
}

interface Heard {
  readonly message: string;
  readonly data: unknown;
  readonly version?: unknown;
}

/** A method per channel, by its name in code. */
export const testChannels = ({ tables, url, authorize }: TestChannelsOptions): object =>
  Object.fromEntries(
    tables.channels.map((channel) => [
      channel.name,
      async (call: ChannelCall = {}) => {
        const headers = { ...(await authorize(channel)), ...headersOf(channel, call) };
        const ws = new WebSocket(url.replace(/^http/, 'ws') + addressOf(channel, call), { headers });
        return connected(ws, channel);
      },
    ]),
  );

const given = (
  { parameters }: ChannelDefinition,
  place: ParameterDefinition['in'],
  values: Readonly<Record<string, unknown>> = {},
): (readonly [ParameterDefinition, unknown])[] =>
  parameters.flatMap((parameter) => {
    const value = parameter.in === place && Object.hasOwn(values, parameter.name) ? values[parameter.name] : undefined;
    return value === undefined ? [] : [[parameter, value] as const];
  });

const addressOf = (channel: ChannelDefinition, call: ChannelCall): string => {
  const segments = new Map(
    given(channel, 'path', call.parameters).map(([parameter, value]) => [
      parameter.name,
      writeSegment(parameter, value),
    ]),
  );
  const path = channel.path.replaceAll(/\{([^{}]+)\}/g, (whole, name: string) => segments.get(name) ?? whole);
  const query = given(channel, 'query', call.query).flatMap(([parameter, value]) => writeQuery(parameter, value));
  return query.length === 0 ? path : `${path}?${query.join('&')}`;
};

const headersOf = (channel: ChannelDefinition, call: ChannelCall): Record<string, string> =>
  Object.fromEntries(
    given(channel, 'header', call.headers).map(([parameter, value]) => [
      parameter.name,
      writeSegment(parameter, value),
    ]),
  );

const connected = async (ws: WebSocket, channel: ChannelDefinition): Promise<TestConnection> => {
  const heard: Heard[] = [];
  let read = 0;
  const waiting = new Set<() => void>();
  const changed = (): void => {
    for (const look of waiting) look();
  };
  ws.on('message', (raw) => {
    const payload: unknown = JSON.parse(String(raw));
    const found = messageOf(channel.sends, payload);
    heard.push(found ? unwrapped(found, payload) : { message: '', data: payload });
    changed();
  });
  let ended: { readonly code: number; readonly reason: string } | undefined;
  const closed = once(ws, 'close').then(([code, reason]: unknown[]) => {
    ended = { code: Number(code), reason: String(reason) };
    changed();
    return ended;
  });
  let failure: Error | undefined;
  ws.on('error', (error) => (failure = error));
  const refusal = await Promise.race([
    once(ws, 'open').then(
      () => undefined,
      () => undefined, // the close that follows tells
    ),
    once(ws, 'unexpected-response').then(([, response]: unknown[]) => response as IncomingMessage),
    closed.then(() => {
      throw failure ?? new Error('the connection was closed before it was open');
    }),
  ]);
  closed.catch(() => undefined); // whoever waits for it hears of it
  const text = refusal ? (await refusal.toArray()).join('') : '';

  const next = (name?: string): Promise<Heard> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const index = heard.findIndex(({ message }, at) => at >= read && (name === undefined || message === name));
        const found = heard[index];
        if (found) {
          read = index + 1;
          waiting.delete(look);
          resolve(found);
        } else if (ended) {
          waiting.delete(look);
          reject(
            new Error(
              `the connection was closed with ${ended.code} ${ended.reason}, before ${name ?? 'a message'} came`,
            ),
          );
        }
      };
      waiting.add(look);
      look();
    });
  const end = async () => {
    ws.close();
    return await closed;
  };
  return {
    status: refusal?.statusCode ?? 101,
    body: text === '' ? undefined : JSON.parse(text),
    heard,
    next,
    say: Object.fromEntries(
      channel.receives.map((message) => [
        message.publisher,
        (data: unknown) => ws.send(JSON.stringify(wireValue(message, data, { id: '', time: '', source: '' }))),
      ]),
    ),
    closed,
    close: end,
    async [Symbol.asyncDispose]() {
      ws.terminate();
    },
  } as TestConnection;
};

const unwrapped = (message: ChannelMessage, payload: unknown): Heard => {
  const version = valueAt(message.envelope.sequence, { payload, headers: {} });
  const data = dataOf(message.envelope, payload);
  return { message: message.name, data, ...(version !== undefined && { version }) };
};
