/** A client of one called service: contract-typed calls over openapi-fetch, with time limits, retries, a circuit breaker and a bulkhead. */
import {
  bulkhead,
  circuitBreaker,
  ConsecutiveBreaker,
  ExponentialBackoff,
  handleWhen,
  retry,
  timeout,
  TimeoutStrategy,
  wrap,
} from 'cockatiel';
import createFetchClient from 'openapi-fetch';
import type { HttpMethod, Validator } from '../http/contract.ts';
import { currentContext } from '../observability/context.ts';
import { continueTrace } from '../observability/trace-context.ts';
import type { Tracing } from '../observability/tracing.ts';
import type { Metrics } from '../observability/metrics.ts';
import type { Log } from '../process/service-definition.ts';
import { ServiceTokenError, type ServiceTokens } from '../security/service-tokens.ts';
import { clientSpanEnd, compileClientSpan } from './client-span.ts';
import { createBaseUrls, type BaseUrls } from './base-urls.ts';
import { CallFailure, isTransportFailure, unavailable } from './call-failure.ts';
import type { ClientDefinition, ClientOperation, Unavailable } from './client-definition.ts';
import { compileProjection } from './project-reads.ts';

export interface ClientOptions {
  /** Scheme, host and port, without the contract's base path; several where the service has several places. */
  readonly baseUrl: string | readonly string[];
  /** For operations that ask for scopes; without it they are called without a token. */
  readonly tokens?: ServiceTokens;
  readonly fetch?: typeof fetch;
  readonly log?: Log;
  readonly metrics?: Pick<Metrics, 'callEnded'>;
  readonly tracing?: Tracing;
  /** Failures in a row until the breaker opens; 5. */
  readonly breakAfter?: number;
  /** How long it stays open before one call is tried; 10 s. */
  readonly breakMs?: number;
  /** Calls at once (32), and calls that wait for one of them to end (1,024). */
  readonly concurrency?: number;
  readonly queue?: number;
  /** Of the first repetition; 50 ms. Later ones wait longer, with jitter. */
  readonly retryDelayMs?: number;
}

/** The parts of a call, keys as the contract writes them. */
export interface CallInput {
  readonly path?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  /** Media type of the body where the contract has several; JSON otherwise. */
  readonly contentType?: string;
  readonly signal?: AbortSignal;
}

/** `body` holds the fields that are declared as read. Headers are in lower case. */
export interface CallAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

export type Call = (input?: CallInput) => Promise<CallAnswer | Unavailable>;
export type Client = Readonly<Record<string, Call>>;

/** Sends the request of one attempt. */
type Attempt = (input: CallInput, signal: AbortSignal, traceparent: string | undefined) => Promise<CallAnswer>;

const MAX_RETRY_DELAY_MS = 1_000;

export const createClient = (definition: ClientDefinition, options: ClientOptions): Client => {
  const { service } = definition;
  const breaker = circuitBreaker(handleWhen(isTransportFailure), {
    breaker: new ConsecutiveBreaker(options.breakAfter ?? 5),
    halfOpenAfter: options.breakMs ?? 10_000,
  });
  breaker.onBreak(() => options.log?.warn({ called: service, state: 'open' }, 'calls to the service are stopped'));
  breaker.onReset(() => options.log?.info({ called: service, state: 'closed' }, 'calls to the service are resumed'));
  const crowd = bulkhead(options.concurrency ?? 32, options.queue ?? 1_024);

  const urls = typeof options.baseUrl === 'string' ? [options.baseUrl] : options.baseUrl;
  const bases = createBaseUrls(urls);
  const calls = Object.entries(definition.operations).map(([name, operation]): [string, Call] => {
    const attempt = compileAttempt(definition, operation, { ...options, bases });
    const limit = timeout(operation.timeoutMs, TimeoutStrategy.Aggressive);
    const once = wrap(breaker, crowd, limit);
    const repeated = wrap(
      retry(handleWhen(isTransportFailure), {
        maxAttempts: operation.retries,
        backoff: new ExponentialBackoff({ initialDelay: options.retryDelayMs ?? 50, maxDelay: MAX_RETRY_DELAY_MS }),
      }),
      once,
    );
    const startSpan = options.tracing && compileClientSpan(definition, operation, urls[0] ?? '', options.tracing);
    const call: Call = async (input = {}) => {
      const startedAt = performance.now();
      const span = startSpan?.();
      const policy = operation.retries > 0 && isRepeatable(operation.method, input) ? repeated : once;
      let answer: CallAnswer | Unavailable;
      try {
        answer = await policy.execute(({ signal }) => attempt(input, signal, span?.traceparent), input.signal);
      } catch (error) {
        answer = answerOf(error) ?? unavailable(error);
      }
      span?.end(clientSpanEnd(answer));
      const status = answer.status === 'unavailable' ? answer.reason : String(answer.status);
      options.metrics?.callEnded(service, name, status, (performance.now() - startedAt) / 1000);
      if (answer.status === 'unavailable') {
        options.log?.warn(
          { called: service, operation: name, reason: answer.reason },
          'the service gave no usable answer',
        );
      }
      return answer;
    };
    return [name, call];
  });
  return Object.freeze(Object.fromEntries(calls));
};

/** Methods that are idempotent by definition (RFC 9110 section 9.2.2), or made so by a key. */
const isRepeatable = (method: HttpMethod, { headers }: CallInput): boolean =>
  ['get', 'head', 'put', 'delete', 'options'].includes(method) ||
  Object.keys(headers ?? {}).some((name) => name.toLowerCase() === 'idempotency-key');

/** An answer that says "not now" counts as a failure of the transport; where the contract declares it, it is an answer in the end. */
class NotNow extends CallFailure {
  readonly answer: CallAnswer | undefined;

  constructor(status: number, answer: CallAnswer | undefined) {
    super('network', `The service answered ${status}.`);
    this.answer = answer;
  }
}

const answerOf = (error: unknown): CallAnswer | undefined => (error instanceof NotNow ? error.answer : undefined);

const notNow = new Set([502, 503, 504]);

const compileAttempt = (
  definition: ClientDefinition,
  operation: ClientOperation,
  options: ClientOptions & { readonly bases: BaseUrls },
): Attempt => {
  const client = createFetchClient<Record<string, never>>({
    redirect: 'error',
    ...(options.fetch && { fetch: options.fetch as (request: Request) => Promise<Response> }),
  });
  // The generated types know the operation; here it is data.
  const request = client.request as unknown as (method: string, path: string, init: object) => Promise<Fetched>;
  const project = compileProjection(operation.reads);
  const { tokens } = options;
  const isSecured = tokens !== undefined && operation.scopes.length > 0;

  const send = async (
    input: CallInput,
    signal: AbortSignal,
    { token, traceparent }: { readonly token: string | undefined; readonly traceparent: string | undefined },
  ): Promise<Fetched> => {
    const { path, query, body, contentType } = input;
    const headers = {
      ...contextHeaders(),
      ...(traceparent !== undefined && { traceparent }),
      ...input.headers,
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    };
    const sendTo = (base: string): Promise<Fetched> =>
      request(operation.method, operation.path, {
        baseUrl: base.replace(/\/$/, '') + definition.basePath,
        params: { ...(path && { path }), ...(query && { query }) },
        headers: contentType === undefined ? headers : { ...headers, 'content-type': contentType },
        ...(body !== undefined && { body, bodySerializer: bodySerialiser(contentType) }),
        parseAs: 'text',
        signal,
      });
    try {
      return await options.bases.send(sendTo);
    } catch (error) {
      if (input.signal?.aborted)
        throw new CallFailure('timeout', 'The caller has given up.', { isOurs: true, cause: error });
      throw signal.aborted
        ? new CallFailure('timeout', 'There was no answer in time.')
        : new CallFailure('network', 'The service cannot be reached.', { cause: error });
    }
  };

  return async (input, signal, traceparent) => {
    let token = isSecured ? await tokenOf(tokens, operation.scopes) : undefined;
    let fetched = await send(input, signal, { token, traceparent });
    if (fetched.response.status === 401 && isSecured && token !== undefined) {
      // Refused before anything happened: one more try with a new token is safe, whatever the method.
      tokens.forget(token);
      token = await tokenOf(tokens, operation.scopes);
      fetched = await send(input, signal, { token, traceparent });
    }
    const { status } = fetched.response;
    if (!notNow.has(status)) return readAnswer(fetched, operation, project);
    throw new NotNow(status, validatorOf(operation, status) ? readAnswer(fetched, operation, project) : undefined);
  };
};

interface Fetched {
  readonly data?: unknown;
  readonly error?: unknown;
  readonly response: Response;
}

const readAnswer = (
  { data, error, response }: Fetched,
  operation: ClientOperation,
  project: (value: unknown) => unknown,
): CallAnswer => {
  const { status } = response;
  const validate = validatorOf(operation, status);
  if (!validate)
    throw new CallFailure('undeclared-status', `The service answered ${status}, which its contract does not declare.`);
  const body = response.ok ? parseBody(data, response) : error === '' ? undefined : error;
  if (!validate(body)) {
    const fault = validate.errors?.[0];
    throw new CallFailure(
      'invalid-answer',
      `The answer does not fit the contract at "${fault?.instancePath ?? ''}" (${fault?.keyword ?? 'schema'}).`,
    );
  }
  return { status, body: response.ok ? project(body) : body, headers: headersOf(response) };
};

const headersOf = (response: Response): Record<string, string> => {
  const headers: Record<string, string> = {};
  response.headers.forEach((value, name) => (headers[name] = value));
  return headers;
};

const parseBody = (data: unknown, response: Response): unknown => {
  if (data === undefined || data === '') return undefined;
  if (!/^application\/(?:[^;]+\+)?json\b/i.test(response.headers.get('content-type') ?? '')) return data;
  try {
    return JSON.parse(String(data));
  } catch {
    throw new CallFailure('invalid-answer', 'The answer is not well-formed JSON.');
  }
};

const validatorOf = ({ validate }: ClientOperation, status: number): Validator | undefined => {
  for (const name of [String(status), `${Math.trunc(status / 100)}XX`, 'default']) {
    if (Object.hasOwn(validate, name)) return validate[name];
  }
  return undefined;
};

const tokenOf = async (tokens: ServiceTokens, scopes: readonly string[]): Promise<string> => {
  try {
    return await tokens.get(scopes);
  } catch (error) {
    if (error instanceof ServiceTokenError)
      throw new CallFailure('network', 'There is no token to call the service with.', { cause: error });
    throw error;
  }
};

/** What caused the call goes with it. */
const contextHeaders = (): Record<string, string> => {
  const context = currentContext();
  if (!context) return {};
  const { correlationId, traceparent, tracestate } = context;
  return {
    'x-correlation-id': correlationId,
    traceparent: continueTrace(traceparent),
    ...(tracestate !== undefined && { tracestate }),
  };
};

const bodySerialiser = (contentType: string | undefined) => (body: unknown) => {
  if (contentType === 'application/x-www-form-urlencoded') {
    return new URLSearchParams(Object.entries(body as object).map(([name, value]) => [name, String(value)])).toString();
  }
  return contentType !== undefined && !/json/i.test(contentType) ? body : JSON.stringify(body);
};
