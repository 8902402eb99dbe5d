import type { RouteDefinition } from '../http/contract.ts';
import type { OperationCall, OperationClient, TestAnswer } from './test-service.ts';
import { writeQuery, writeSegment } from './write-parameter.ts';

/** What shows who calls, by place; what a call itself puts there comes first. */
export interface Credentials {
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly cookies?: Readonly<Record<string, string>>;
}

export interface OperationClientsOptions {
  readonly routes: readonly RouteDefinition[];
  /** What a request to the route carries to show who sends it; asked for each request. */
  readonly authorize: (route: RouteDefinition) => Promise<Credentials>;
  /** Sends the request; throws what the service did that its contract does not allow. */
  readonly send: (operationId: string, path: string, init: RequestInit) => Promise<Response>;
  /** Fills in a missing Idempotency-Key. */
  readonly nextKey: () => string;
}

/** A method per operation, which sends what it is given and hands back what comes over the wire. */
export const operationClients = (options: OperationClientsOptions): Readonly<Record<string, OperationClient>> =>
  Object.fromEntries(options.routes.map((route) => [route.operationId, operationClient(route, options)]));

const operationClient =
  (route: RouteDefinition, { authorize, send, nextKey }: OperationClientsOptions): OperationClient =>
  async (call = {}) => {
    const credentials = await authorize(route);
    const headers = new Headers(credentials.headers);
    if (route.idempotencyKey !== undefined) headers.set('idempotency-key', nextKey());
    for (const [name, text] of written(route, 'header', call.headers)) headers.set(name, text);
    const cookies = written(route, 'cookie', { ...credentials.cookies, ...call.cookies }).map(
      ([name, text]) => `${name}=${text}`,
    );
    if (cookies.length > 0) headers.set('cookie', cookies.join('; '));
    const body = writeBody(route, call, headers);
    const response = await send(
      route.operationId,
      target(route, { ...call, query: { ...credentials.query, ...call.query } }),
      {
        method: route.method.toUpperCase(),
        headers,
        redirect: 'manual',
        ...(body === undefined ? {} : { body }),
      },
    );
    return readAnswer(response);
  };

type Place = 'path' | 'header' | 'cookie' | 'query';

const parameter = (route: RouteDefinition, place: Place, name: string) => {
  const same = (other: string): boolean =>
    place === 'header' ? other.toLowerCase() === name.toLowerCase() : other === name;
  return (
    route.parameters.find((candidate) => candidate.in === place && same(candidate.name)) ?? {
      name,
      in: place,
      style: 'simple' as const,
      explode: false,
      shape: { kind: 'scalar', types: ['string'] } as const,
    }
  );
};

const written = (route: RouteDefinition, place: Place, values: OperationCall['headers'] = {}): [string, string][] =>
  Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [name, writeSegment(parameter(route, place, name), value)]);

const target = (route: RouteDefinition, { path = {}, query = {} }: OperationCall): string => {
  const filled = route.path.replace(/\{([^}]+)\}/g, (_, name: string) => {
    if (path[name] === undefined) throw new Error(`${route.operationId} needs the path parameter "${name}"`);
    return writeSegment(parameter(route, 'path', name), path[name]);
  });
  const pairs = Object.entries(query)
    .filter(([, value]) => value !== undefined)
    .flatMap(([name, value]) => {
      const { style, ...known } = parameter(route, 'query', name);
      return writeQuery({ ...known, style: style === 'simple' ? 'form' : style }, value);
    });
  return pairs.length === 0 ? filled : `${filled}?${pairs.join('&')}`;
};

const writeBody = (route: RouteDefinition, call: OperationCall, headers: Headers): RequestInit['body'] | undefined => {
  const { body } = call;
  if (body === undefined) return undefined;
  const offered = Object.keys(route.body?.content ?? {});
  const contentType =
    call.contentType ?? offered.find((type) => /[/+]json\b/.test(type)) ?? offered[0] ?? 'application/json';
  if (body instanceof FormData) return body;
  if (!headers.has('content-type')) headers.set('content-type', contentType);
  if (/[/+]json\b/.test(contentType)) return JSON.stringify(body);
  if (contentType.startsWith('application/x-www-form-urlencoded') && typeof body === 'object' && body !== null) {
    const pairs = Object.entries(body).flatMap(([name, value]) =>
      (Array.isArray(value) ? value : [value]).map((item: unknown) => [name, String(item)]),
    );
    return new URLSearchParams(pairs).toString();
  }
  return body instanceof Uint8Array ? Buffer.from(body) : String(body);
};

const readAnswer = async (response: Response): Promise<TestAnswer> => {
  const text = await response.text();
  const isJson = /[/+]json\b/.test(response.headers.get('content-type') ?? '');
  const headers: Record<string, string> = {};
  response.headers.forEach((value, name) => (headers[name] = value));
  return {
    status: response.status,
    body: text === '' ? undefined : isJson ? (JSON.parse(text) as unknown) : text,
    headers,
  };
};
