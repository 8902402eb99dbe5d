/** An answer is held against the contract before it leaves: what the contract does not declare is our bug, not the client's. */
import type { ResponseDefinition, RouteDefinition, Validator } from '../contract.ts';
import { bodyKind, compileMediaTypes, parseMediaType, type BodyKind } from '../body/media-type.ts';
import { coerceValue } from '../parameters/coerce-value.ts';
import { decodeNothing, splitValue } from '../parameters/split-style.ts';
import { validationFault } from '../request-fault.ts';
import { Answer, notImplementedAnswer } from './reply-constructors.ts';
import type { WireAnswer } from './wire-answer.ts';

/** A handler answered what its contract does not declare. */
export class ContractViolation extends Error {
  override readonly name = 'ContractViolation';
  readonly operationId: string;
  readonly status: number | undefined;

  constructor(operationId: string, status: number | undefined, what: string) {
    super(`${operationId} answered ${status ?? 'nothing'}: ${what}`);
    this.operationId = operationId;
    this.status = status;
  }
}

/** @throws ContractViolation */
export type CheckAnswer = (answer: unknown) => WireAnswer;

export const compileAnswers = (route: Pick<RouteDefinition, 'operationId' | 'responses'>): CheckAnswer => {
  const responses = new Map(
    Object.entries(route.responses).map(([status, response]) => [status.toUpperCase(), compileResponse(response)]),
  );
  const byStatus = new Map<number, CompiledResponse | undefined>();
  const responseOf = (status: number): CompiledResponse | undefined => {
    if (!byStatus.has(status)) {
      const range = `${Math.trunc(status / 100)}XX`;
      byStatus.set(status, responses.get(String(status)) ?? responses.get(range) ?? responses.get('DEFAULT'));
    }
    return byStatus.get(status);
  };
  const notImplemented: WireAnswer = {
    status: 501,
    headers: { 'content-type': notImplementedAnswer.contentType ?? '' },
    body: JSON.stringify(notImplementedAnswer.body),
  };

  return (answer) => {
    if (answer === notImplementedAnswer) return notImplemented;
    const violation = (what: string): ContractViolation =>
      new ContractViolation(route.operationId, answer instanceof Answer ? answer.status : undefined, what);
    if (!(answer instanceof Answer))
      throw violation('the handler did not return what one of the constructors of `reply` makes');
    if (!Number.isInteger(answer.status) || answer.status < 200 || answer.status > 599)
      throw violation('the status is none');
    const response = responseOf(answer.status);
    if (!response) throw violation('the contract does not declare this status');
    for (const header of response.headers) {
      const fault = header(answer.headers);
      if (fault) throw violation(fault);
    }
    const body = response.body(answer);
    if (body.fault !== undefined) throw violation(body.fault);
    const { contentType } = body;
    return {
      status: answer.status,
      headers: contentType === undefined ? answer.headers : { ...answer.headers, 'content-type': contentType },
      ...(body.content !== undefined && { body: body.content }),
    };
  };
};

interface CompiledResponse {
  readonly headers: readonly ((headers: Readonly<Record<string, string>>) => string | undefined)[];
  readonly body: (answer: Answer) => CheckedBody;
}

type CheckedBody = { readonly fault?: string; readonly contentType?: string; readonly content?: string | Uint8Array };

const compileResponse = (response: ResponseDefinition): CompiledResponse => ({
  headers: Object.entries(response.headers)
    .filter(([, header]) => header.required || header.validate)
    .map(([name, header]) => compileHeader(name.toLowerCase(), header)),
  body: compileBody(response.content),
});

const compileHeader =
  (name: string, { required, validate, shape }: ResponseDefinition['headers'][string]) =>
  (headers: Readonly<Record<string, string>>): string | undefined => {
    const text = headers[name];
    if (text === undefined) return required ? `header ${name} is missing` : undefined;
    if (!validate) return undefined;
    const parameter = { name, in: 'header', required, style: 'simple', explode: false, shape } as const;
    const value = coerceValue(shape, splitValue(parameter, text, decodeNothing, ''), '');
    return validate(value) ? undefined : `header ${name} ${validationFault('header', validate).message}`;
  };

const compileBody = (content: ResponseDefinition['content']): CompiledResponse['body'] => {
  if (Object.keys(content).length === 0) {
    return (answer): CheckedBody => (answer.body === undefined ? {} : { fault: 'the contract declares no body' });
  }
  const match = compileMediaTypes(content);
  const known = new Map<string, { validate: Validator; kind: BodyKind; contentType: string } | undefined>();
  return (answer) => {
    const { contentType } = answer;
    if (contentType === undefined) return { fault: 'the contract declares a body' };
    let media = known.get(contentType);
    if (!media) {
      const matched = match(contentType);
      if (!matched) return { fault: 'the contract does not declare this content type' };
      const kind = bodyKind(matched.type.essence);
      media = { validate: matched.value.validate, kind, contentType: withCharset(contentType, kind) };
      known.set(contentType, media);
    }
    if (!media.validate(answer.body)) {
      const { pointer, message } = validationFault('body', media.validate);
      return { fault: `body ${pointer || '(whole)'} ${message}` };
    }
    const text = serialise(media.kind, answer.body);
    return text === undefined
      ? { fault: `the body is no ${media.kind}` }
      : { contentType: media.contentType, content: text };
  };
};

/** Text in another charset than the default needs to say so; JSON has only one. */
const withCharset = (contentType: string, kind: BodyKind): string =>
  kind === 'text' && parseMediaType(contentType)?.parameters['charset'] === undefined
    ? `${contentType}; charset=utf-8`
    : contentType;

const serialise = (kind: BodyKind, body: unknown): string | Uint8Array | undefined => {
  if (kind === 'json') return JSON.stringify(body);
  if (typeof body === 'string' || body instanceof Uint8Array) return body;
  if (kind === 'form' && typeof body === 'object' && body !== null) {
    return new URLSearchParams(Object.entries(body).map(([name, value]) => [name, String(value)])).toString();
  }
  return undefined;
};
