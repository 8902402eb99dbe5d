/** Who is let in: everything that is decided while a connection is still an HTTP request. */
import type { ServerResponse, IncomingMessage } from 'node:http';
import type { ServiceState } from '../http/service-state.ts';
import { Exchange } from '../http/exchange.ts';
import { compileHeaders } from '../http/parameters/read-headers.ts';
import { compilePath } from '../http/parameters/read-path.ts';
import { compileQuery } from '../http/parameters/read-query.ts';
import { Problem } from '../http/problem.ts';
import { readFault, validationFault, type Place, type RequestFault } from '../http/request-fault.ts';
import { compileSecurity, type SecurityServices } from '../http/secure-route.ts';
import type { Validator } from '../http/contract.ts';
import { runWithContext } from '../observability/context.ts';
import type { Ids } from '../process/service-definition.ts';
import type { ChannelDefinition, ChannelTables } from './contract.ts';
import { isOriginAllowed, type OriginRules } from './origins.ts';
import type { Seats } from './seats.ts';
import { outcomeOf, watchReplies, type WatchOutcome } from './watch-result.ts';

/** A handler as it is bound: see the generated `channels.ts`. */
export type WatchHandler = (request: never) => Promise<unknown>;

export interface AdmissionOptions {
  readonly tables: ChannelTables;
  readonly handlers: Readonly<Record<string, WatchHandler>>;
  readonly security: SecurityServices;
  readonly origins: OriginRules;
  readonly seats: Seats;
  readonly state: ServiceState;
  readonly ids: Ids;
}

export interface Admitted {
  readonly channel: ChannelDefinition;
  readonly exchange: Exchange;
  /** Whom its limits count for. */
  readonly holder: string;
  readonly outcome: WatchOutcome;
  /** Version that the client has seen, as it says it. */
  readonly resume: unknown;
  /** Gives the seat back. */
  readonly leave: () => void;
}

interface Entrance {
  readonly channel: ChannelDefinition;
  readonly expression: RegExp;
  admit(exchange: Exchange, captures: readonly string[], signal: AbortSignal): Promise<Admitted>;
}

/** @throws Error when a channel has no handler; @returns a function that throws Problem for whoever is not let in */
export const compileAdmission = (options: AdmissionOptions) => {
  const { tables, ids, origins, state } = options;
  const entrances = tables.channels
    .map((channel) => compileEntrance(channel, options))
    // An address without parameters before one with: `/orders/all` is no `/orders/{orderId}`.
    .toSorted((a, b) => parameterCount(a.channel) - parameterCount(b.channel));

  return async (request: IncomingMessage, signal: AbortSignal): Promise<Admitted> => {
    // Nothing of a request's answer is needed here: it has none.
    const exchange = new Exchange(request, undefined as unknown as ServerResponse, () => ids.next());
    if (state.phase !== 'ready') throw new Problem('unavailable', { headers: { 'retry-after': '1' } });
    for (const { expression, admit, channel } of entrances) {
      const found = expression.exec(exchange.path);
      if (!found) continue;
      exchange.operationId = channel.name;
      if (!isOriginAllowed(request, origins)) throw new Problem('origin-not-allowed');
      takeTokenFromSubprotocol(request);
      return runWithContext(exchange.context, () => admit(exchange, found.slice(1), signal));
    }
    throw new Problem('not-found');
  };
};

/** Browsers can set no header but this one: `bearer, <token>`. It never stands in the URL, which ends up in logs. */
const takeTokenFromSubprotocol = ({ headers }: IncomingMessage): void => {
  if (headers.authorization !== undefined) return;
  const [name, token, ...others] = (headers['sec-websocket-protocol'] ?? '').split(',').map((part) => part.trim());
  if (name === 'bearer' && token && others.length === 0) headers.authorization = `Bearer ${token}`;
};

const parameterCount = ({ path }: ChannelDefinition): number => path.split('{').length;

const pathExpression = (path: string): RegExp =>
  new RegExp(
    `^${path
      .split(/\{[^{}]+\}/)
      .map((literal) => literal.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'))
      .join('([^/]+)')}$`,
  );

const compileEntrance = (channel: ChannelDefinition, options: AdmissionOptions): Entrance => {
  const { tables, handlers, security, seats } = options;
  const handler = Object.hasOwn(handlers, channel.handler) ? handlers[channel.handler] : undefined;
  if (!handler) throw new Error(`The channel ${channel.name} has no handler`);
  const handle = handler as unknown as (request: object) => Promise<unknown>;
  const secure = compileSecurity({ ...channel, operationId: channel.name }, tables.securitySchemes, security);
  const readRequest = compileUpgrade(channel);
  const { resume } = channel.live ?? {};

  return {
    channel,
    expression: pathExpression(channel.path),
    async admit(exchange, captures, signal) {
      exchange.auth = await secure(exchange);
      const { auth, correlationId } = exchange;
      const holder = auth ? `s:${auth.subject}` : `a:${exchange.request.socket.remoteAddress ?? ''}`;
      const seat = seats.take(holder);
      if (seat === 'too-many') throw new Problem('too-many-connections', { headers: { 'retry-after': '30' } });
      if (seat === 'full') throw new Problem('unavailable', { headers: { 'retry-after': '30' } });
      try {
        const read = readRequest(exchange, captures);
        const outcome = outcomeOf(await handle({ ...read, auth, correlationId, signal, reply: watchReplies }));
        const seen = resume === undefined ? undefined : (read.query as Record<string, unknown> | undefined)?.[resume];
        return { channel, exchange, holder, outcome, resume: seen, leave: seat };
      } catch (error) {
        seat();
        throw error;
      }
    },
  };
};

/** Reads what the contract declares of the upgrade; throws Problem 400 that names the first fault in each place. */
const compileUpgrade = ({ path, parameters, validate }: ChannelDefinition) => {
  const declared = (place: Place) => parameters.filter((parameter) => parameter.in === place);
  const names = [...path.matchAll(/\{([^{}]+)\}/g)].map(([, name = '']) => name);
  const readPath = compilePath(declared('path'), names);
  const readQuery = compileQuery(declared('query'), []);
  const readHeaders = compileHeaders(declared('header'));

  return ({ query, request }: Exchange, captures: readonly string[]): { query?: unknown } & Record<string, unknown> => {
    const faults: RequestFault[] = [];
    const read = (place: Place, values: () => unknown, check: Validator | undefined): unknown => {
      try {
        const value = values();
        if (!check || check(value)) return value;
        faults.push(validationFault(place, check));
      } catch (error) {
        faults.push(readFault(place, error));
      }
      return undefined;
    };
    const result = {
      parameters: read('path', () => readPath(captures), validate.path),
      query: read('query', () => readQuery(query), validate.query),
      headers: read('header', () => readHeaders(request), validate.headers),
    };
    if (faults.length > 0) throw new Problem('invalid-request', { errors: faults });
    return result;
  };
};
