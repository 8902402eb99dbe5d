/** What happens to a request once its route is known: every stage that the contract asks for, in the order of `docs/architecture.md`. */
import type { RouteDefinition, SecurityScheme, Validator } from './contract.ts';
import type { AnyOperationHandler, OperationHandler } from '../process/service-definition.ts';
import { Answer, replyConstructors, type ReplyConstructor } from './answers/reply-constructors.ts';
import { compileAnswers } from './answers/check-answer.ts';
import type { WireAnswer } from './answers/wire-answer.ts';
import { compileBody, type ReceivedBody } from './body/read-body.ts';
import { hasBody, type BodyLimits } from './body/read-bytes.ts';
import { commitOnce } from './commit-once.ts';
import { isKnownToClient } from './entity-tag.ts';
import type { Exchange } from './exchange.ts';
import { idempotencyRequest, takenKeyAnswer } from './idempotency.ts';
import { compileNegotiation } from './negotiate.ts';
import type { Commit } from './operation.ts';
import { compileCookies } from './parameters/read-cookies.ts';
import { compileHeaders } from './parameters/read-headers.ts';
import { compilePath } from './parameters/read-path.ts';
import { compileQuery } from './parameters/read-query.ts';
import { Problem } from './problem.ts';
import type { RateLimiter } from './rate-limit.ts';
import { readFault, validationFault, type Place, type RequestFault } from './request-fault.ts';
import { compileSecurity, type SecurityServices } from './secure-route.ts';
import { KeyTakenError, type OpenedUnit, type UnitOfWork } from './unit-of-work.ts';

export interface RouteServices {
  readonly securitySchemes: Readonly<Record<string, SecurityScheme>>;
  readonly security: SecurityServices;
  readonly limitRate: RateLimiter;
  readonly unitOfWork: UnitOfWork;
  readonly bodyLimits: BodyLimits;
}

/** @param captures the path's parameters in the template's order, still percent-encoded */
export type RunRoute = (exchange: Exchange, captures: readonly string[]) => Promise<WireAnswer>;

/** What a handler is given (see `RequestContext`); parts that the contract does not declare are undefined. */
class HandlerRequest {
  path: unknown;
  query: unknown;
  headers: unknown;
  cookies: unknown;
  body: unknown;
  contentType: string | undefined;
  readonly auth: unknown;
  readonly reply: Readonly<Record<string, ReplyConstructor>>;
  readonly correlationId: string;
  readonly preferred: string;
  commit: Commit | undefined;
  readonly #exchange: Exchange;

  constructor(exchange: Exchange, reply: Readonly<Record<string, ReplyConstructor>>, preferred: string) {
    this.#exchange = exchange;
    this.auth = exchange.auth;
    this.reply = reply;
    this.correlationId = exchange.correlationId;
    this.preferred = preferred;
  }

  get signal(): AbortSignal {
    return this.#exchange.signal;
  }

  get remoteAddress(): string | undefined {
    return this.#exchange.request.socket.remoteAddress;
  }
}

export const compileRoute = (
  route: RouteDefinition,
  operation: OperationHandler,
  services: RouteServices,
): RunRoute => {
  const handle = operation as unknown as AnyOperationHandler;
  const secure = compileSecurity(route, services.securitySchemes, services.security);
  const limitRate = services.limitRate(route.operationId);
  const negotiate = compileNegotiation(route);
  const receiveBody = route.body ? compileBody(route.body, services.bodyLimits) : refuseBody(route);
  const readRequest = compileRequest(route, services.securitySchemes);
  const checkAnswer = compileAnswers(route);
  const reply = replyConstructors(route);
  const isRead = route.method === 'get' || route.method === 'head';

  return async (exchange, captures) => {
    const { request } = exchange;
    const auth = secure(exchange);
    exchange.auth = auth instanceof Promise ? await auth : auth;
    limitRate?.(exchange);
    const preferred = negotiate(request.headers.accept);
    if (preferred === undefined) throw new Problem('not-acceptable');
    const receiving = receiveBody(request);
    const body = receiving instanceof Promise ? await receiving : receiving;
    exchange.hasArrived = body.kind !== 'absent';
    if (route.ifMatch === 'required' && request.headers['if-match'] === undefined)
      throw new Problem('precondition-required');

    const input = new HandlerRequest(exchange, reply, preferred);
    readRequest(exchange, captures, body, input);

    const idempotency = idempotencyRequest(route, exchange, body.bytes);
    const opening = services.unitOfWork.open({ cause: exchange.context, ...(idempotency && { idempotency }) });
    const unit: OpenedUnit = opening instanceof Promise ? await opening : opening;
    if (unit.outcome !== 'fresh') return takenKeyAnswer(unit);

    let committed: Answer | undefined;
    let checked: WireAnswer | undefined;
    input.commit = commitOnce({
      commit: unit.commit,
      checkAnswer,
      needsAnswer: route.idempotencyKey !== undefined,
      remember: (answer, wire) => {
        committed = answer;
        checked = wire;
      },
    });
    const answer = await answerOf(handle, input);
    if (!(answer instanceof Answer) && isTaken(answer)) return takenKeyAnswer(answer.taken);
    const wire = checked && answer === committed ? checked : checkAnswer(answer);
    return isRead ? unlessKnown(request.headers['if-none-match'], wire) : wire;
  };
};

const isTaken = (answer: unknown): answer is KeyTakenError => answer instanceof KeyTakenError;

const answerOf = async (handle: AnyOperationHandler, input: HandlerRequest): Promise<unknown> => {
  try {
    return await handle(input as unknown as Parameters<AnyOperationHandler>[0]);
  } catch (error) {
    if (error instanceof KeyTakenError) return error;
    throw error;
  }
};

const unlessKnown = (ifNoneMatch: string | undefined, answer: WireAnswer): WireAnswer => {
  const etag = answer.headers['etag'];
  if (ifNoneMatch === undefined || etag === undefined || answer.status !== 200) return answer;
  if (!isKnownToClient(ifNoneMatch, etag)) return answer;
  const { 'content-type': _, ...headers } = answer.headers;
  return { status: 304, headers };
};

const nothing: ReceivedBody = { kind: 'absent', bytes: Buffer.alloc(0) };

/** Content that the contract gives no meaning: of a read it has none anyway (RFC 9110 section 9.3.1), elsewhere it is a mistake. */
const refuseBody =
  (route: RouteDefinition) =>
  (request: Exchange['request']): ReceivedBody => {
    const hasMeaning = route.method === 'post' || route.method === 'put' || route.method === 'patch';
    if (hasMeaning && hasBody(request))
      throw new Problem('unsupported-media-type', { detail: 'The operation takes no body.' });
    return nothing;
  };

/** Fills `input`, or throws a problem that names the first fault in each place. */
const compileRequest = (route: RouteDefinition, schemes: Readonly<Record<string, SecurityScheme>>) => {
  const declared = (place: Place) => route.parameters.filter((parameter) => parameter.in === place);
  const names = [...route.path.matchAll(/\{([^{}]+)\}/g)].map(([, name = '']) => name);
  const readPath = compilePath(declared('path'), names);
  const readQuery = compileQuery(declared('query'), queryKeys(route, schemes));
  const readHeaders = compileHeaders(declared('header'));
  const readCookies = compileCookies(declared('cookie'));
  const has = {
    path: declared('path').length > 0,
    query: declared('query').length > 0,
    headers: declared('header').length > 0,
    cookies: declared('cookie').length > 0,
  };
  const { validate } = route;

  return (exchange: Exchange, captures: readonly string[], body: ReceivedBody, input: HandlerRequest): void => {
    let faults: RequestFault[] | undefined;
    const read = (place: Place, values: () => unknown, check: Validator | undefined): unknown => {
      try {
        const value = values();
        if (!check || check(value)) return value;
        (faults ??= []).push(validationFault(place, check));
      } catch (error) {
        (faults ??= []).push(readFault(place, error));
      }
      return undefined;
    };
    if (has.path) input.path = read('path', () => readPath(captures), validate.path);
    const query =
      has.query || exchange.query !== '' ? read('query', () => readQuery(exchange.query), validate.query) : undefined;
    if (has.query) input.query = query;
    if (has.headers) input.headers = read('header', () => readHeaders(exchange.request), validate.headers);
    if (has.cookies)
      input.cookies = read('cookie', () => readCookies(exchange.request.headers.cookie), validate.cookies);
    if (body.kind === 'fault') (faults ??= []).push(body.fault);
    else if (body.kind === 'value') {
      input.contentType = body.contentType;
      input.body = read('body', () => body.value, body.content.validate);
    }
    if (faults) throw new Problem('invalid-request', { errors: faults });
  };
};

/** API keys in the query are no parameters, and yet known. */
const queryKeys = (route: RouteDefinition, schemes: Readonly<Record<string, SecurityScheme>>): string[] =>
  route.security
    .flatMap((alternative) => Object.keys(alternative))
    .flatMap((name) => {
      const scheme = schemes[name];
      return scheme?.kind === 'apiKey' && scheme.in === 'query' ? [scheme.name] : [];
    });
